using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;

namespace Observe.Telemetry.Tests.Otlp;

public sealed class SampleEncodingTests
{
    private static readonly Resource[] Things = [.. Enumerable.Range(0, 40).Select(i => new Resource([new("vcenter.vm.name", $"vm-{i}")], [new("vcenter_vm_name", $"vm-{i}")]))];

    private static Series[] SeriesOf(Resource thing) =>
    [
        new Series(MetricCatalog.CpuTime, thing, 1_000, ["0", "run"]),
        new Series(MetricCatalog.CpuTime, thing, 1_000, ["0", "ready"]),
        new Series(MetricCatalog.MapEntries, thing, 1_000, ["x"]),
        new Series(MetricCatalog.CpuTime, thing, 1_000, ["1", "run"]),
    ];

    private static (SampleQueue Queue, Dictionary<string, double> Truth) Fill(int rounds)
    {
        var random = new Random(1);
        var queue = new SampleQueue(1_000_000, _ => { });
        queue.Open();
        var sources = Things.Select(SeriesOf).ToArray();
        var truth = new Dictionary<string, double>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var series in sources)
            {
                var values = series.Select(_ => random.Next(5) == 0 ? double.NaN : random.Next(1_000_000)).ToArray();
                var time = (ulong)(2_000 + round);
                queue.Add(series, values, time);
                for (var i = 0; i < series.Length; i++)
                {
                    if (!double.IsNaN(values[i]))
                        truth.Add(Key(series[i].Metric.OtelName, series[i].Resource.Labels[0].Value, series[i].Labels.Select(each => each.Value), time), values[i]);
                }
            }
        }
        return (queue, truth);
    }

    private static string Key(string metric, string thing, IEnumerable<string> labels, ulong time) => $"{metric}|{thing}|{string.Join(",", labels)}|{time}";

    private static List<Decoded> Drain(SampleQueue queue, int maxRequestBytes)
    {
        var encoder = new OtlpMetricsEncoder(new OtlpEncoderOptions { MaxRequestBytes = maxRequestBytes });
        var decoded = new List<Decoded>();
        while (queue.Take() is { } chunk)
        {
            using var payload = new OtlpPayload();
            encoder.Encode(chunk, payload);
            payload.PointsFrom(0).ShouldBe(chunk.Points);
            decoded.Add(new Decoded(payload));
            queue.Done(chunk);
        }
        return decoded;
    }

    [Theory]
    [InlineData(4 * 1024 * 1024)]
    [InlineData(3_000)]
    public void Encode_Samples_EachOnceWithItsTimeAndValue(int maxRequestBytes)
    {
        var (queue, truth) = Fill(rounds: 300);

        var decoded = Drain(queue, maxRequestBytes);

        var found = decoded.SelectMany(each => each.Numbers).ToList();
        found.Count.ShouldBe(truth.Count);
        foreach (var (resource, metric, point) in found)
        {
            var key = Key(metric.Name, Decoded.ToDictionary(resource.Resource.Attributes)["vcenter.vm.name"], point.Attributes.Select(each => each.Value.StringValue), point.TimeUnixNano);
            truth.Remove(key, out var value).ShouldBeTrue(key);
            point.AsDouble.ShouldBe(value);
            point.StartTimeUnixNano.ShouldBe(metric.Sum is null ? 0UL : 1_000UL);
        }
        decoded.SelectMany(each => each.Requests).ShouldAllBe(request => request.CalculateSize() <= maxRequestBytes);
    }

    [Fact]
    public void Encode_ManySamplesOfASource_ResourceTravelsOnceAndTimesAscend()
    {
        var (queue, _) = Fill(rounds: 50);

        var decoded = Drain(queue, 4 * 1024 * 1024).ShouldHaveSingleItem();

        var request = decoded.Requests.ShouldHaveSingleItem();
        request.ResourceMetrics.Count.ShouldBe(Things.Length);
        request.ResourceMetrics.ShouldAllBe(resource => resource.ScopeMetrics.Single().Metrics.Count == 3);
        foreach (var series in decoded.Numbers.GroupBy(each => (each.Resource, Labels: string.Join(",", each.Point.Attributes.Select(a => a.Value.StringValue)))))
            series.Select(each => each.Point.TimeUnixNano).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Fact]
    public void Encode_KnownSources_AllocatesNothingPerSeries()
    {
        var chunk = Fill(rounds: 10).Queue.Take().ShouldNotBeNull();
        var encoder = new OtlpMetricsEncoder(new OtlpEncoderOptions());
        using var payload = new OtlpPayload();
        for (var i = 0; i < 3; i++)
            encoder.Encode(chunk, payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        encoder.Encode(chunk, payload);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        payload.PointsFrom(0).ShouldBe(chunk.Points);
        // An array that the pool let go of may show up; 160 series must not.
        allocated.ShouldBeLessThan(1_000);
    }

    [Fact]
    public void Encode_SnapshotWithPointsPushedApart_LeavesThemOut()
    {
        var series = SeriesOf(Things[0]);
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        builder.Add(series[0], 1);
        builder.AddPushedApart(series[1], 2);
        using var lease = builder.Build(5);
        using var payload = new OtlpPayload();

        new OtlpMetricsEncoder(new OtlpEncoderOptions()).Encode(lease.Snapshot, payload);

        new Decoded(payload).Numbers.ShouldHaveSingleItem().Point.AsDouble.ShouldBe(1);
        lease.Snapshot.Families.Single(family => family.Metric == MetricCatalog.CpuTime).Count.ShouldBe(2, "who scrapes sees both");
    }

    [Fact]
    public void Encode_ThingsOfAVCenter_AreDifferentInstancesForReceiversThatKnowNoMore()
    {
        var (queue, _) = Fill(rounds: 5);

        var request = Drain(queue, 4 * 1024 * 1024).ShouldHaveSingleItem().Requests.ShouldHaveSingleItem();

        var attributes = request.ResourceMetrics.Select(each => Decoded.ToDictionary(each.Resource.Attributes)).ToList();
        attributes.Select(each => each["service.instance.id"]).ShouldBe(Enumerable.Range(0, Things.Length).Select(i => $"vm-{i}"));
        attributes.ShouldAllBe(each => each["service.name"] == "observe");
    }
}
