using Google.Protobuf.Collections;
using Io.Prometheus.Client;
using Observe.Telemetry.Tests.Prometheus;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OtlpMetric = OpenTelemetry.Proto.Metrics.V1.Metric;

namespace Observe.Agent.Tests.Peers;

/// <summary>All series of one moment as an official decoder read them, laid flat: the same from a scrape and from an export.</summary>
internal sealed class Reading
{
    /// <summary>Labels that say whose a series is, in words; the id says it too, and in OTLP it is the Resource that does.</summary>
    private static readonly HashSet<string> InWords = ["workload", "workload_kind", "k8s_namespace_name", "k8s_pod_name", "k8s_container_name"];

    private Reading()
    {
    }

    /// <summary>A value, or how often and in which cells of 2^(1/4) something was observed.</summary>
    /// <param name="Kind">Whether it may only grow: <c>counter</c>, <c>gauge</c>, <c>histogram</c>.</param>
    /// <param name="Value">The value, or the sum of what was observed.</param>
    /// <param name="Cells">Count by cell; null for what is no histogram.</param>
    internal sealed record Sample(string Kind, double Value, Dictionary<int, long>? Cells);

    /// <summary>Series by name in Prometheus' words, workload and labels.</summary>
    public Dictionary<string, Sample> Series { get; } = [];

    /// <summary>What is known of each workload, by its id: labels of observe_workload_info, or attributes of the Resource in Prometheus' words.</summary>
    public Dictionary<string, Dictionary<string, string>> Workloads { get; } = [];

    /// <summary>Reads the delimited protobuf format.</summary>
    public static Reading OfScrape(byte[] body)
    {
        var reading = new Reading();
        foreach (var family in OfficialDecoder.Decode(body))
        {
            foreach (var metric in family.Metric)
            {
                var labels = metric.Label.ToDictionary(each => each.Name, each => each.Value);
                if (family.Name == "observe_workload_info")
                    reading.Workloads.Add(labels["workload_id"], labels);
                else
                    reading.Series.Add(Key(family.Name, labels), Of(metric));
            }
        }
        return reading;
    }

    /// <summary>Reads the requests of one export.</summary>
    public static Reading OfExport(IEnumerable<ExportMetricsServiceRequest> requests)
    {
        var reading = new Reading();
        foreach (var resource in requests.SelectMany(each => each.ResourceMetrics))
        {
            var attributes = Labels(resource.Resource.Attributes);
            if (attributes.TryGetValue("workload_id", out var workload))
                reading.Workloads[workload] = attributes;
            foreach (var metric in resource.ScopeMetrics.SelectMany(each => each.Metrics))
                reading.Add(metric, workload);
        }
        return reading;
    }

    /// <summary>Every time stamp that points of requests carry.</summary>
    public static IEnumerable<ulong> Times(ExportMetricsServiceRequest request) =>
        request.ResourceMetrics.SelectMany(each => each.ScopeMetrics).SelectMany(each => each.Metrics).SelectMany(each =>
            (each.Sum?.DataPoints ?? each.Gauge?.DataPoints ?? []).Select(point => point.TimeUnixNano)
            .Concat((each.ExponentialHistogram?.DataPoints ?? []).Select(point => point.TimeUnixNano)));

    private static Sample Of(Io.Prometheus.Client.Metric metric)
    {
        if (metric.Histogram is not { } histogram)
            return metric.Counter is { } counter ? new Sample("counter", counter.Value, null) : new Sample("gauge", metric.Gauge.Value, null);
        histogram.Schema.ShouldBe(2);
        var cells = new Dictionary<int, long>();
        var (index, delta, count) = (0, 0, 0L);
        foreach (var span in histogram.PositiveSpan)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++, index++)
            {
                count += histogram.PositiveDelta[delta++];
                // Prometheus names a bucket by its upper bound, OTLP by its lower one.
                if (count > 0)
                    cells[index - 1] = count;
            }
        }
        (cells.Values.Sum() + (long)histogram.ZeroCount).ShouldBe((long)histogram.SampleCount);
        return new Sample("histogram", histogram.SampleSum, cells);
    }

    private void Add(OtlpMetric metric, string? workload)
    {
        foreach (var point in metric.Sum?.DataPoints ?? [])
        {
            metric.Sum!.IsMonotonic.ShouldBeTrue(metric.Name);
            Series.Add(Key(Name(metric, isCounter: true), workload, point.Attributes), new Sample("counter", point.AsDouble, null));
        }
        foreach (var point in metric.Gauge?.DataPoints ?? [])
            Series.Add(Key(Name(metric, isCounter: false), workload, point.Attributes), new Sample("gauge", point.AsDouble, null));
        foreach (var point in metric.ExponentialHistogram?.DataPoints ?? [])
        {
            point.Scale.ShouldBe(2);
            // Absent where all that was counted is too short for any bucket.
            var cells = point.Positive is { } positive
                ? positive.BucketCounts.Select((count, i) => (Cell: positive.Offset + i, Count: (long)count)).Where(each => each.Count > 0).ToDictionary()
                : [];
            (cells.Values.Sum() + (long)point.ZeroCount).ShouldBe((long)point.Count);
            Series.Add(Key(Name(metric, isCounter: false), workload, point.Attributes), new Sample("histogram", point.Sum, cells));
        }
    }

    // The OpenTelemetry specification's rule: dots to underscores, then the unit, then "total" for what only grows.
    private static string Name(OtlpMetric metric, bool isCounter)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", "" or "1" => "", var other when other[0] == '{' => "", var other => throw new InvalidDataException($"{metric.Name}: {other}") };
        var name = metric.Name.Replace('.', '_');
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return isCounter ? name + "_total" : name;
    }

    private static string Key(string name, string? workload, RepeatedField<KeyValue> attributes)
    {
        var labels = Labels(attributes);
        if (workload is not null)
            labels.Add("workload_id", workload);
        return Key(name, labels);
    }

    private static string Key(string name, Dictionary<string, string> labels) =>
        $"{name}{{{string.Join(',', labels.Where(each => !InWords.Contains(each.Key)).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value}"))}}}";

    private static Dictionary<string, string> Labels(RepeatedField<KeyValue> attributes) =>
        attributes.ToDictionary(each => each.Key.Replace('.', '_'), each => each.Value.StringValue);
}
