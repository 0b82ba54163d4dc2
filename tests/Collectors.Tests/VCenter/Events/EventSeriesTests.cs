using Observe.Collectors.VCenter.Events;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Events;

public sealed class EventSeriesTests
{
    private readonly EventSeries series = new("main", Bench.Host, 1, () => 2);
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());

    [Fact]
    public void Count_MoreTypesThanThereAreSeriesFor_FoldsTheRest()
    {
        for (var i = 0; i < 300; i++)
            series.Count($"Type{i}");
        series.Count("Type5");
        series.CountAlarm("red");
        series.CountAlarm("purple");
        var points = Points(VCenterMetrics.Events);
        points.Length.ShouldBe(257);
        points.Single(each => each.Label == "Type5").Value.ShouldBe(2);
        points.Single(each => each.Label == "other").Value.ShouldBe(44);
        Points(VCenterMetrics.AlarmChanges).ShouldBe([("red", 1), ("other", 1)]);
        Points(VCenterMetrics.EventResets).Single().Value.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(1.0000001)]
    [InlineData(7200)]
    public void Observe_ADuration_IsInTheCellItBelongsTo(double seconds)
    {
        series.ObserveLag(seconds);
        series.Export(builder);
        using var lease = builder.Build(1);
        var point = lease.Snapshot.Families.Single(each => each.Metric == VCenterMetrics.EventLag).Points[0];
        var cell = lease.Snapshot.CellsOf(point).IndexOf(1UL);
        if (cell < ExponentialLayout.Cells - 1)
            seconds.ShouldBeLessThanOrEqualTo(ExponentialLayout.UpperBound(cell));
        if (cell > 0)
            seconds.ShouldBeGreaterThan(ExponentialLayout.UpperBound(cell - 1));
    }

    [Fact]
    public void Export_Again_AllocatesNothing()
    {
        series.Count("VmPoweredOnEvent");
        series.CountTask("VirtualMachine.powerOn", isSuccess: true);
        series.ObserveMigration(3, MigrationRole.Success);
        for (var i = 0; i < 100; i++)
        {
            series.Export(builder);
            builder.Clear();
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            series.Export(builder);
            builder.Clear();
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    private (string Label, double Value)[] Points(MetricDescriptor metric)
    {
        series.Export(builder);
        using var lease = builder.Build(1);
        return [.. lease.Snapshot.Families.Single(each => each.Metric == metric).Points.ToArray().Select(each => (each.Series.Labels[^1].Value, each.Value))];
    }
}
