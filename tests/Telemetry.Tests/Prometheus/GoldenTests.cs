using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>One snapshot in every dialect, side by side in tests/fixtures.</summary>
public class GoldenTests
{
    [Fact]
    public void Text_Fixture_MatchesGolden()
    {
        using var lease = Fixture.Build();
        Golden.ShouldMatch(Written.Text(ExpositionFormat.Text, lease.Snapshot), "tests/fixtures/metrics.prom");
    }

    [Fact]
    public void OpenMetrics_Fixture_MatchesGolden()
    {
        using var lease = Fixture.Build();
        Golden.ShouldMatch(Written.Text(ExpositionFormat.OpenMetrics, lease.Snapshot), "tests/fixtures/metrics.om");
    }

    [Fact]
    public void Protobuf_Fixture_MatchesGolden()
    {
        using var lease = Fixture.Build();
        var families = OfficialDecoder.Decode(Written.Bytes(ExpositionFormat.Protobuf, lease.Snapshot));
        Golden.ShouldMatch(OfficialDecoder.Describe(families), "tests/fixtures/metrics.proto.txt");
    }
}
