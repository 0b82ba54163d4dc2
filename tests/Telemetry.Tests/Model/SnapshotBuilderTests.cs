using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

public class SnapshotBuilderTests
{
    private static readonly Resource Host = new([], []);
    private static readonly MetricDescriptor Gauge = new("g", "g", "{g}", MetricKind.Gauge, MetricScope.Host, "G");
    private static readonly MetricDescriptor Histogram = new("h_seconds", "h", "s", MetricKind.Histogram, MetricScope.Host, "H", "x");

    [Fact]
    public void AddHistogram_ManyOfThem_KeepTheirOwnCells()
    {
        var builder = NewBuilder();
        // More than the first array holds, and twice, so that the second time it is full of old counts.
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 40; i++)
            {
                var cells = new ulong[ExponentialLayout.Cells];
                cells[i] = (ulong)i + 1;
                builder.AddHistogram(new Series(Histogram, Host, 0, [$"{i}"]), i, (ulong)i + 1, cells);
            }
            using var lease = builder.Build(1);
            var points = lease.Snapshot.Families[1].Points.ToArray();
            points.Length.ShouldBe(40);
            lease.Snapshot.Cells.Length.ShouldBe(40 * ExponentialLayout.Cells);
            foreach (var point in points)
            {
                var cells = lease.Snapshot.CellsOf(point);
                cells.Length.ShouldBe(ExponentialLayout.Cells);
                cells[(int)point.Value].ShouldBe(point.Count);
                cells.IndexOfAnyExcept(0UL).ShouldBe((int)point.Value);
                cells.LastIndexOfAnyExcept(0UL).ShouldBe((int)point.Value);
            }
        }
    }

    [Fact]
    public void MoveTo_SeveralBuildersRoundAfterRound_AddsUpAndEmptiesThem()
    {
        MetricDescriptor[] catalog = [Gauge, Histogram];
        var whole = new SnapshotBuilder(catalog, new SnapshotPool());
        SnapshotBuilder[] parts = [new(catalog, new SnapshotPool()), new(catalog, new SnapshotPool())];
        // Sizes differ by round, so that storage that changed hands is too small here and too large there.
        foreach (var histograms in (int[])[40, 3, 0, 90])
        {
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].Add(new Series(Gauge, Host, 0, []), part);
                for (var i = 0; i < histograms; i++)
                {
                    var cells = new ulong[ExponentialLayout.Cells];
                    cells[i] = (ulong)(100 * part) + 1;
                    parts[part].AddHistogram(new Series(Histogram, Host, 0, [$"{i}"]), i, (ulong)(100 * part) + 1, cells);
                }
                parts[part].MoveTo(whole);
            }
            using var lease = whole.Build(1);
            lease.Snapshot.PointCount.ShouldBe(2 + (2 * histograms));
            lease.Snapshot.Families[0].Points.ToArray().Select(point => point.Value).ShouldBe([0, 1]);
            var points = lease.Snapshot.Families[1].Points.ToArray();
            points.Select(point => point.Count).ShouldBe([.. Enumerable.Repeat(1UL, histograms), .. Enumerable.Repeat(101UL, histograms)]);
            foreach (var point in points)
            {
                lease.Snapshot.CellsOf(point)[(int)point.Value].ShouldBe(point.Count);
                lease.Snapshot.CellsOf(point).ToArray().Sum(cell => (long)cell).ShouldBe((long)point.Count);
            }
            foreach (var part in parts)
                ShouldBeEmpty(part);
        }
    }

    [Fact]
    public void MoveTo_BuilderOfAnotherCatalog_Throws() =>
        Should.Throw<ArgumentException>(() => NewBuilder().MoveTo(NewBuilder())).Message.ShouldContain("one catalog");

    [Fact]
    public void Clear_AfterAdding_LeavesNothing()
    {
        var builder = NewBuilder();
        builder.Add(new Series(Gauge, Host, 0, []), 1);
        builder.Clear();
        ShouldBeEmpty(builder);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ExponentialLayout.Cells - 1)]
    [InlineData(ExponentialLayout.Cells + 1)]
    public void AddHistogram_WrongNumberOfCells_ThrowsAndAddsNothing(int cells)
    {
        var builder = NewBuilder();
        Should.Throw<ArgumentException>(() => builder.AddHistogram(new Series(Histogram, Host, 0, ["1"]), 0, 0, new ulong[cells]));
        ShouldBeEmpty(builder);
    }

    [Fact]
    public void AddHistogram_CountThatIsNotTheCells_ThrowsAndAddsNothing()
    {
        var builder = NewBuilder();
        var cells = new ulong[ExponentialLayout.Cells];
        cells[3] = 2;
        Should.Throw<ArgumentException>(() => builder.AddHistogram(new Series(Histogram, Host, 0, ["1"]), 0, 3, cells)).Message.ShouldContain("h_seconds has a count of 3 but 2 observations");
        ShouldBeEmpty(builder);
    }

    [Fact]
    public void Add_MetricOutsideTheCatalog_SaysWhich()
    {
        var builder = NewBuilder();
        var foreign = new MetricDescriptor("foreign", "foreign", "{x}", MetricKind.Gauge, MetricScope.Host, "F");
        Should.Throw<ArgumentException>(() => builder.Add(new Series(foreign, Host, 0, []), 1)).Message.ShouldContain("foreign is not in the catalog");
        ShouldBeEmpty(builder);
    }

    [Fact]
    public void Add_OfTheWrongKind_ThrowsAndAddsNothing()
    {
        var builder = NewBuilder();
        Should.Throw<ArgumentException>(() => builder.Add(new Series(Histogram, Host, 0, ["1"]), 1));
        Should.Throw<ArgumentException>(() => builder.AddHistogram(new Series(Gauge, Host, 0, []), 1, 0, new ulong[ExponentialLayout.Cells]));
        ShouldBeEmpty(builder);
    }

    private static SnapshotBuilder NewBuilder() => new([Gauge, Histogram], new SnapshotPool());

    private static void ShouldBeEmpty(SnapshotBuilder builder)
    {
        using var lease = builder.Build(1);
        lease.Snapshot.PointCount.ShouldBe(0);
        lease.Snapshot.Cells.Length.ShouldBe(0);
        lease.Snapshot.Families.ShouldAllBe(family => family.Count == 0);
    }
}
