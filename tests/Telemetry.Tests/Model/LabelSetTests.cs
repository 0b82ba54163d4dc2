using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;
using Observe.Telemetry.Prometheus;
using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Telemetry.Tests.Model;

/// <summary>Series that share their labels are written as those are that have their own.</summary>
public class LabelSetTests
{
    private static readonly Resource[] Things =
    [
        new([new("host.name", "a")], [new("workload", "a"), new("workload_kind", "vm"), new("workload_id", "1")]),
        new([new("host.name", "b")], [new("workload", "b"), new("workload_kind", "vm"), new("workload_id", "2")]),
        new([new("host.name", "c")], []),
    ];

    private static readonly string[][] Values = [["running"], ["waiting"]];

    [Theory]
    [InlineData(ExpositionFormat.Text)]
    [InlineData(ExpositionFormat.OpenMetrics)]
    [InlineData(ExpositionFormat.Protobuf)]
    public void Write_LabelsSharedByThings_AreThoseOfEach(ExpositionFormat format)
    {
        using var shared = Snapshot(isShared: true);
        using var own = Snapshot(isShared: false);

        Written.Bytes(format, shared.Snapshot).ShouldBe(Written.Bytes(format, own.Snapshot));
    }

    [Fact]
    public void Encode_LabelsSharedByThings_AreThoseOfEach()
    {
        using var shared = Snapshot(isShared: true);
        using var own = Snapshot(isShared: false);

        Encode(new OtlpMetricsEncoder(new OtlpEncoderOptions()), shared).ShouldBe(Encode(new OtlpMetricsEncoder(new OtlpEncoderOptions()), own));
    }

    [Fact]
    public void Encode_EncoderBesideAnother_WritesTheSame()
    {
        using var snapshot = Snapshot(isShared: true);
        var encoder = new OtlpMetricsEncoder(new OtlpEncoderOptions { ScopeVersion = "1.2" });

        Encode(encoder.Beside(), snapshot).ShouldBe(Encode(encoder, snapshot));
    }

    [Fact]
    public void NewSeries_SharedLabelThatTheResourceHas_Throws()
    {
        var info = new MetricDescriptor("i_info", "i.info", "", MetricKind.Info, MetricScope.Workload, "I");
        var labels = new LabelSet(info, [], [new("workload", "other")]);

        Should.Throw<ArgumentException>(() => new Series(labels, Things[0], 0)).Message.ShouldContain("'workload' twice");
        new Series(labels, Things[2], 0).Labels.ShouldBe([new("workload", "other")]);
    }

    private static MetricSnapshot.Lease Snapshot(bool isShared)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        var sets = Values.Select(values => new LabelSet(MetricCatalog.ThreadTime, values)).ToArray();
        foreach (var thing in Things)
        {
            for (var i = 0; i < sets.Length; i++)
                builder.Add(isShared ? new Series(sets[i], thing, Fixture.Start) : new Series(MetricCatalog.ThreadTime, thing, Fixture.Start, Values[i]), i + 0.5);
        }
        return builder.Build(1);
    }

    private static byte[] Encode(OtlpMetricsEncoder encoder, MetricSnapshot.Lease snapshot)
    {
        using var payload = new OtlpPayload();
        encoder.Encode(snapshot.Snapshot, payload);
        return payload.BodyOf(0).ToArray();
    }
}
