using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>The snapshot behind the golden files: every kind of metric, and every value and label that has to be written with care.</summary>
internal static class Fixture
{
    /// <summary>2023-11-14T22:13:20Z and a bit: nine digits that a double cannot hold.</summary>
    public const ulong Start = 1_700_000_000_123_456_789;

    /// <summary>A start on the second.</summary>
    public const ulong WholeStart = 1_700_000_060_000_000_000;

    public static readonly Resource Host = new([new("host.name", "h")], []);

    public static readonly Resource Web = new(
        [new("container.name", "web")],
        [new("workload", "web"), new("workload_kind", "container"), new("workload_id", "0123456789ab")]);

    /// <summary>A backslash, quotes, a newline, NUL, text beyond ASCII and beyond 16 bits, and half a surrogate pair.</summary>
    public static readonly Resource Odd = new(
        [new("container.name", "odd")],
        [new("workload", "o\"d\\d\nn\0l"), new("workload_kind", "pod"), new("workload_id", "caf\u00e9 \U0001F433 \ud800!")]);

    /// <summary>In the order in which they are offered: on and beside a bound, two in one bucket, beyond the last bound, ids with and without leading zeros.</summary>
    public static readonly Exemplar[] Exemplars =
    [
        new(Math.Pow(2, -20), Start + 1, new UInt128(0x0af7651916cd43dd, 0x8448eb211c80319c), 0xb7ad6b7169203331),
        new(Math.BitIncrement(Math.Pow(2, -20)), Start + 2, 1, 1),
        new(0.021, Start + 1_000_000_000, 2, 2),
        new(0.03, Start + 20_000_000_000, new UInt128(ulong.MaxValue, 3), ulong.MaxValue),
        new(1200, 1_700_000_025_000_000_000, UInt128.MaxValue, 4),
    ];

    public static MetricSnapshot.Lease Build()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        AddCounters(builder);
        AddHistograms(builder);
        AddGauges(builder);
        AddInfos(builder);
        return builder.Build(Start + 30_000_000_000);
    }

    private static void AddCounters(SnapshotBuilder builder)
    {
        Add(builder, MetricCatalog.ThreadTime, Web, Start, 1234.567891234, "running");
        Add(builder, MetricCatalog.ThreadTime, Web, Start, 1234567.891234567, "waiting");
        Add(builder, MetricCatalog.ThreadTime, Web, Start, 0, "throttled");
        Add(builder, MetricCatalog.ThreadTime, Odd, WholeStart, 1e-9, "running");
        Add(builder, MetricCatalog.ContextSwitches, Web, Start, 999_999, "voluntary");
        Add(builder, MetricCatalog.ContextSwitches, Web, Start, 1_000_000, "involuntary");
        // No start known.
        Add(builder, MetricCatalog.ContextSwitches, Odd, 0, 9_007_199_254_740_991, "voluntary");
        Add(builder, MetricCatalog.Lost, Host, WholeStart, 0, "overflow");
    }

    private static void AddHistograms(SnapshotBuilder builder)
    {
        var cells = new ulong[ExponentialLayout.Cells];
        cells[0] = 3;                            // at most 2^-24 s
        cells[1] = 1;                            // the next quarter octave
        cells[16] = 5;                           // ends at 2^-20 s: in the first classic bucket
        cells[17] = 7;                           // begins there: in the second
        cells[19] = 2;                           // two empty cells after 16..17: one span
        cells[112] = 11;                         // ends at 2^4 s: the last finite bucket
        cells[113] = 13;                         // beyond: +Inf only
        cells[ExponentialLayout.Cells - 1] = 17; // everything longer
        var slots = new ExemplarSlots();
        foreach (var exemplar in Exemplars)
            slots.Offer(exemplar);
        builder.AddHistogram(new Series(MetricCatalog.RunqueueWait, Web, Start, []), 12345.678, 59, cells, slots);
        builder.AddHistogram(new Series(MetricCatalog.RunqueueWait, Odd, WholeStart, []), 0, 0, new ulong[ExponentialLayout.Cells]);
        Array.Clear(cells);
        cells[0] = 1;
        builder.AddHistogram(new Series(MetricCatalog.Throttle, Web, Start, []), 0, 1, cells);
    }

    private static void AddGauges(SnapshotBuilder builder)
    {
        Add(builder, MetricCatalog.QuotaCores, Web, 0, 0.3);
        Add(builder, MetricCatalog.QuotaCores, Odd, 0, double.PositiveInfinity);
        Add(builder, MetricCatalog.LedgerResidual, Host, 0, -1.25e-7, "0");
        Add(builder, MetricCatalog.LedgerResidual, Host, 0, double.NaN, "1");
        Add(builder, MetricCatalog.LedgerResidual, Host, 0, double.NegativeInfinity, "2");
        Add(builder, MetricCatalog.LedgerResidual, Host, 0, -0.0, "3");
        Add(builder, MetricCatalog.CollectorSuccess, Host, 0, 1, "sched");
        Add(builder, MetricCatalog.CollectorSuccess, Host, 0, 0, "vcenter");
        Add(builder, MetricCatalog.MapBytes, Host, 0, 4_194_304, "slots");
    }

    private static void AddInfos(SnapshotBuilder builder)
    {
        builder.Add(new Series(MetricCatalog.WorkloadInfo, Web, Start, [], [new("container_image_name", "nginx:1.27"), new("host_name", "h")]), 1);
        builder.Add(new Series(MetricCatalog.WorkloadInfo, Odd, WholeStart, [], [new("k8s_pod_name", "")]), 1);
        builder.Add(new Series(MetricCatalog.BuildInfo, Host, WholeStart, ["0.1.0", "6.18.0", "1.1.2"]), 1);
    }

    private static void Add(SnapshotBuilder builder, MetricDescriptor metric, Resource resource, ulong start, double value, params string[] labels) =>
        builder.Add(new Series(metric, resource, start, labels), value);
}
