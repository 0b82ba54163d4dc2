using System.Text;
using Io.Prometheus.Client;
using Observe.Kernel.Tests.Harness;
using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Peers read what the running agent says, in every format it speaks.</summary>
[Trait("kernels", "any")]
public sealed class ExpositionTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    [Fact]
    public async Task PromtoolCheckMetrics_LiveAgent_IsSilent()
    {
        var scrape = await Agent.ScrapeAsync();
        var (exitCode, said) = await Peer.RunOrSkip("promtool", ["check", "metrics"], Encoding.UTF8.GetBytes(scrape.Text));
        said.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        Note($"{scrape.Document.Samples.Count} samples");
    }

    [Fact]
    public async Task Formats_OneCollection_SayTheSame()
    {
        await Agent.ScrapeAsync();
        // Within the age up to which a collection is shared; if the machine takes longer in between, once more.
        for (var attempt = 0; ; attempt++)
        {
            await Pass(0.3);
            var (textType, text) = await Agent.GetMetricsAsync("text/plain; version=0.0.4");
            var (openType, open) = await Agent.GetMetricsAsync("application/openmetrics-text; version=1.0.0");
            var (protoType, proto) = await Agent.GetMetricsAsync(Protobuf);
            var again = (await Agent.GetMetricsAsync("text/plain; version=0.0.4")).Body;
            if (!again.AsSpan().SequenceEqual(text))
            {
                attempt.ShouldBeLessThan(20, "scrapes right after each other never shared one collection");
                continue;
            }
            textType.MediaType.ShouldBe("text/plain");
            openType.MediaType.ShouldBe("application/openmetrics-text");
            protoType.MediaType.ShouldBe("application/vnd.google.protobuf");
            Encoding.UTF8.GetString(open).ShouldEndWith("# EOF\n");
            Compare(TextParser.Parse(Encoding.UTF8.GetString(text)), TextParser.Parse(Encoding.UTF8.GetString(open)), OfficialDecoder.Decode(proto));
            return;
        }
    }

    [Fact]
    public async Task Scrapes_AtTheSameTime_ShareOneCollection()
    {
        await Agent.ScrapeAsync();
        for (var attempt = 0; ; attempt++)
        {
            await Pass(0.3);
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Agent.GetAsync("/metrics")));
            if (answers.Distinct().Count() == 1)
                return;
            // They were asked for together, but may have come in one at a time.
            attempt.ShouldBeLessThan(20, "scrapes at the same time never shared one collection");
        }
    }

    private void Compare(TextParser.Document text, TextParser.Document open, List<MetricFamily> proto)
    {
        var compared = 0;
        var byKey = text.Samples.ToDictionary(sample => Key(sample.Name, sample.Labels.Select(label => (label.Key, label.Value))), sample => sample.Value);
        foreach (var sample in open.Samples.Where(sample => !sample.Name.EndsWith("_created", StringComparison.Ordinal)))
        {
            byKey[Key(sample.Name, sample.Labels.Select(label => (label.Key, label.Value)))].ShouldBe(sample.Value, sample.Name);
            compared++;
        }
        foreach (var family in proto)
        {
            foreach (var metric in family.Metric)
            {
                var labels = metric.Label.Select(label => (label.Name, label.Value)).ToArray();
                if (metric.Histogram is { } histogram)
                {
                    byKey[Key(family.Name + "_count", labels)].ShouldBe(histogram.SampleCount, family.Name);
                    byKey[Key(family.Name + "_sum", labels)].ShouldBe(histogram.SampleSum, family.Name);
                    // Native buckets: absolute counts are deltas from the one before; all of them together are the count.
                    var (bucket, total) = (0L, histogram.ZeroCount);
                    foreach (var delta in histogram.PositiveDelta)
                        total += (ulong)(bucket += delta);
                    total.ShouldBe(histogram.SampleCount, family.Name);
                }
                else
                {
                    byKey[Key(family.Name, labels)].ShouldBe((metric.Counter?.Value ?? metric.Gauge?.Value)!.Value, family.Name);
                }
                compared++;
            }
        }
        Note($"{text.Samples.Count} samples; {compared} compared");
        compared.ShouldBeGreaterThan(100);
    }

    private static string Key(string name, IEnumerable<(string Name, string Value)> labels) =>
        $"{name}{{{string.Join(',', labels.OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => $"{label.Name}={(label.Name == "le" ? Bound(label.Value) : label.Value)}"))}}}";

    /// <summary>OpenMetrics writes every bound with a point, the older text format does not.</summary>
    private static string Bound(string le) => le == "+Inf" ? le : double.Parse(le).ToString("R");
}
