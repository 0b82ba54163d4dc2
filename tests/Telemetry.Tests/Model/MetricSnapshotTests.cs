using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

public class MetricSnapshotTests
{
    private static readonly MetricDescriptor Gauge = new("g", "g", "{g}", MetricKind.Gauge, MetricScope.Host, "G");
    private static readonly MetricDescriptor[] Catalog = [Gauge];
    private static readonly Series Series = new(Gauge, new Resource([], []), 0, []);

    [Fact]
    public void Dispose_LastLease_ReturnsTheSnapshotForReuse()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        var first = builder.Build(1);
        var second = first.Snapshot.Read();
        first.Dispose();
        // Not yet: it is being read.
        using var other = builder.Build(2);
        using var another = builder.Build(3);
        another.Snapshot.ShouldNotBeSameAs(second.Snapshot);
        second.Dispose();
        using var next = builder.Build(4);
        using var afterNext = builder.Build(5);
        new[] { next.Snapshot, afterNext.Snapshot }.ShouldContain(second.Snapshot);
    }

    [Fact]
    public void Dispose_Twice_EndsNobodyElsesReading()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        builder.Add(Series, 42);
        var first = builder.Build(1);
        using var second = first.Snapshot.Read();
        first.Dispose();
        first.Dispose();
        var copy = first;
        copy.Dispose();
        second.Snapshot.PointCount.ShouldBe(1);
        second.Snapshot.Families[0].Points[0].Value.ShouldBe(42);
    }

    [Fact]
    public void Dispose_LeaseOfAnEarlierUse_EndsNobodyElsesReading()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        var old = builder.Build(1);
        var snapshot = old.Snapshot;
        old.Dispose();
        MetricSnapshot.Lease current;
        do
        {
            builder.Add(Series, 42);
            current = builder.Build(2);
        }
        while (!ReferenceEquals(current.Snapshot, snapshot));
        old.Dispose();
        current.Snapshot.PointCount.ShouldBe(1);
        current.Dispose();
    }

    [Fact]
    public void Dispose_Default_DoesNothing() => Should.NotThrow(() => default(MetricSnapshot.Lease).Dispose());

    [Fact]
    public void Read_AfterTheLastLease_Throws()
    {
        var lease = new SnapshotBuilder(Catalog, new SnapshotPool()).Build(1);
        var snapshot = lease.Snapshot;
        lease.Dispose();
        Should.Throw<ObjectDisposedException>(() => snapshot.Read());
    }

    [Fact]
    public void Families_NothingAdded_AreAllThereAndEmpty()
    {
        using var lease = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool()).Build(1);
        lease.Snapshot.Families.Select(family => family.Metric).ShouldBe(MetricCatalog.All);
        lease.Snapshot.Families.ShouldAllBe(family => family.Count == 0);
    }

    [Fact]
    public void Families_PoolSharedByTwoCatalogs_AreThoseOfTheBuilder()
    {
        var pool = new SnapshotPool();
        var other = new MetricDescriptor("h", "h", "{h}", MetricKind.Gauge, MetricScope.Host, "H");
        new SnapshotBuilder([other, Gauge], pool).Build(1).Dispose();
        var builder = new SnapshotBuilder(Catalog, pool);
        builder.Add(Series, 1);
        using var lease = builder.Build(2);
        lease.Snapshot.Families.ShouldHaveSingleItem().Metric.ShouldBeSameAs(Gauge);
    }

    [Fact]
    public void Return_DeadSeries_AreNotKeptAlive()
    {
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        var dead = AddAndForget(builder);
        builder.Build(1).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        dead.IsAlive.ShouldBeFalse();
        GC.KeepAlive(builder);
    }

    /// <summary>What a reader sees is what was built for it, however readers come and go while the next ones are built.</summary>
    [Fact]
    public async Task Read_ManyReadersWhileBuilding_SeeWholeSnapshots()
    {
        const int Collections = 2000, Points = 50, Readers = 4;
        var builder = new SnapshotBuilder(Catalog, new SnapshotPool());
        var torn = 0;
        var reads = 0;
        for (ulong collection = 1; collection <= Collections; collection++)
        {
            for (var i = 0; i < Points; i++)
                builder.Add(Series, collection);
            var lease = builder.Build(collection);
            var readers = Enumerable.Range(0, Readers).Select(_ => lease.Snapshot.Read()).Select(own => Task.Run(() =>
            {
                using (own)
                {
                    using var shared = own.Snapshot.Read();
                    Interlocked.Increment(ref reads);
                    if (!IsWhole(shared.Snapshot, Points))
                        Interlocked.Increment(ref torn);
                }
                // Late and double: must not touch whoever has the snapshot by now.
                own.Dispose();
            })).ToArray();
            lease.Dispose();
            lease.Dispose();
            // Some readers outlive the next collections.
            if (collection % 3 == 0)
                await Task.WhenAll(readers);
        }
        while (Volatile.Read(ref reads) < Collections * Readers)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        torn.ShouldBe(0);
    }

    private static bool IsWhole(MetricSnapshot snapshot, int points)
    {
        var family = snapshot.Families[0];
        if (family.Count != points || snapshot.PointCount != points)
            return false;
        foreach (ref readonly var point in family.Points)
        {
            if (point.Value != snapshot.TimeUnixNano)
                return false;
        }
        return true;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference AddAndForget(SnapshotBuilder builder)
    {
        var series = new Series(Gauge, new Resource([], []), 0, []);
        builder.Add(series, 1);
        return new WeakReference(series);
    }
}
