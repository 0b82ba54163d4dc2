using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

/// <summary>A snapshot has the exemplars of its histograms as they were when it was made.</summary>
public class SnapshotExemplarsTests
{
    private const ulong Now = 1_700_000_000_000_000_000;
    private static readonly MetricDescriptor Histogram = new("h_seconds", "h", "s", MetricKind.Histogram, MetricScope.Host, "Help", "n");
    private static readonly MetricDescriptor Other = new("o_seconds", "o", "s", MetricKind.Histogram, MetricScope.Host, "Help", "n");
    private static readonly MetricDescriptor Gauge = new("g", "g", "{x}", MetricKind.Gauge, MetricScope.Host, "Help", "n");
    private static readonly IReadOnlyList<MetricDescriptor> Catalog = [Histogram, Gauge, Other];
    private static readonly Resource Host = new([], []);

    [Fact]
    public void ExemplarsOf_SomeHistogramsHaveThem_AreEachItsOwn()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        for (var i = 0; i < 40; i++)
        {
            builder.Add(new Series(Gauge, Host, 0, [$"{i}"]), i);
            Add(builder, i % 2 == 0 ? Histogram : Other, i, i % 3 == 0 ? [0.001 * (i + 1), 100 + i] : null);
        }
        using var lease = builder.Build(Now);
        Check(lease.Snapshot, 40, i => i % 3 == 0 ? [0.001 * (i + 1), 100 + i] : []);
    }

    [Fact]
    public void ExemplarsOf_BuilderMovedIntoOthers_GoAlong()
    {
        var pool = new SnapshotPool();
        var whole = new SnapshotBuilder(Catalog, pool);
        var part = new SnapshotBuilder(Catalog, pool);
        for (var i = 0; i < 30; i++)
        {
            Add(part, i % 2 == 0 ? Histogram : Other, i, i % 4 == 1 ? null : [0.01 * (i + 1)]);
            if (i % 7 == 6)
                part.MoveTo(whole);
        }
        part.MoveTo(whole);
        using var lease = whole.Build(Now);
        Check(lease.Snapshot, 30, i => i % 4 == 1 ? [] : [0.01 * (i + 1)]);
    }

    [Fact]
    public void ExemplarsOf_OfferedAfterwards_AreInTheNextSnapshot()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        var series = new Series(Histogram, Host, 0, ["0"]);
        var slots = new ExemplarSlots();
        slots.Offer(new Exemplar(1, Now, 1, 1));
        builder.AddHistogram(series, 0, 0, new ulong[ExponentialLayout.Cells], slots);
        slots.Offer(new Exemplar(0.75, Now + 1, 2, 2));
        slots.Offer(new Exemplar(3, Now + 1, 3, 3));
        using (var lease = builder.Build(Now))
            ExemplarsOf(lease.Snapshot, Histogram, 0).ShouldHaveSingleItem().SpanId.ShouldBe(1UL);

        builder.AddHistogram(series, 0, 0, new ulong[ExponentialLayout.Cells], slots);
        using var next = builder.Build(Now);
        ExemplarsOf(next.Snapshot, Histogram, 0).Select(each => each.SpanId).ShouldBe([2UL, 3UL]);
    }

    [Fact]
    public void Build_OldAndNew_KeepsThoseOfTheLastFiveMinutes()
    {
        const ulong minute = 60_000_000_000;
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        var slots = new ExemplarSlots();
        slots.Offer(new Exemplar(1, Now - (5 * minute) - 1, 1, 1));
        slots.Offer(new Exemplar(2, Now - (5 * minute), 2, 2));
        slots.Offer(new Exemplar(4, Now, 3, 3));
        // Ahead by what clocks and collections are apart, and ahead because the clock was set back.
        slots.Offer(new Exemplar(8, Now + minute, 4, 4));
        slots.Offer(new Exemplar(16, Now + (5 * minute) + 1, 5, 5));
        foreach (var n in new[] { "0", "1" })
            builder.AddHistogram(new Series(Histogram, Host, 0, [n]), 0, 0, new ulong[ExponentialLayout.Cells], n == "0" ? slots : null);
        builder.AddHistogram(new Series(Other, Host, 0, ["0"]), 0, 0, new ulong[ExponentialLayout.Cells], slots);
        builder.AddHistogram(new Series(Other, Host, 0, ["1"]), 0, 0, new ulong[ExponentialLayout.Cells]);

        using var lease = builder.Build(Now);
        foreach (var metric in new[] { Histogram, Other })
        {
            ExemplarsOf(lease.Snapshot, metric, 0).Select(each => each.SpanId).ShouldBe([2UL, 3UL, 4UL]);
            ExemplarsOf(lease.Snapshot, metric, 1).ShouldBeEmpty();
        }
    }

    [Fact]
    public void ExemplarsOf_SnapshotUsedAgain_HasNoneOfItsPast()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        for (var round = 0; round < 6; round++)
        {
            Add(builder, Histogram, 0, round % 2 == 0 ? [0.5] : null);
            Add(builder, Histogram, 1, null);
            using var lease = builder.Build(Now);
            ExemplarsOf(lease.Snapshot, Histogram, 0).Count.ShouldBe(round % 2 == 0 ? 1 : 0);
            ExemplarsOf(lease.Snapshot, Histogram, 1).ShouldBeEmpty();
        }
    }

    private static void Add(SnapshotBuilder builder, MetricDescriptor metric, int i, double[]? values)
    {
        ExemplarSlots? slots = null;
        foreach (var value in values ?? [])
            (slots ??= new()).Offer(new Exemplar(value, Now, (UInt128)i + 1, (ulong)i + 1)).ShouldBeTrue();
        builder.AddHistogram(new Series(metric, Host, 0, [$"{i}"]), 0, 0, new ulong[ExponentialLayout.Cells], slots);
    }

    private static void Check(MetricSnapshot snapshot, int points, Func<int, double[]> expected)
    {
        var seen = 0;
        foreach (var family in snapshot.Families.Where(family => family.Metric.Kind == MetricKind.Histogram))
        {
            for (var p = 0; p < family.Count; p++, seen++)
            {
                var i = int.Parse(family.Points[p].Series.Labels[0].Value);
                var found = ExemplarsOf(snapshot, family.Metric, p);
                found.Select(each => each.Value).ShouldBe(expected(i), $"histogram {i}");
                found.ShouldAllBe(each => each.SpanId == (ulong)i + 1);
            }
        }
        seen.ShouldBe(points);
    }

    private static List<Exemplar> ExemplarsOf(MetricSnapshot snapshot, MetricDescriptor metric, int point) =>
        [.. snapshot.ExemplarsOf(snapshot.Families.Single(family => family.Metric == metric).Points[point])];
}
