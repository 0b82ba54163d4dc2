using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Stalls;

/// <summary>Each stall's span goes to the histogram that counted it, or is counted as dropped.</summary>
public sealed class ExemplarStoreTests
{
    private const long End = 1_700_000_000_000_000_000;
    private readonly LossCounters losses = new();
    private readonly WorkloadRegistry registry = new();
    private readonly ExemplarStore store;

    public ExemplarStoreTests() => store = new ExemplarStore(losses);

    private long Dropped => losses.Counter("exemplar_dropped").Value;

    [Fact]
    public void Offer_WaitAndThrottle_GoToTheirOwnHistogramOfTheirOwnWorkload()
    {
        var (web, db) = (Born(1), Born(2));
        var (ofWeb, ofDb) = (store.Open(web), store.Open(db));

        store.Offer(StallOf(StallKind.Wait, web, 25_000_000), 7, 8).ShouldBeTrue();
        store.Offer(StallOf(StallKind.Throttle, db, 80_000_000), 9, 10).ShouldBeTrue();

        Held(ofWeb.Waits).ShouldBe([new Exemplar(0.025, (ulong)End + 50, 7, 8)]);
        Held(ofDb.Throttles).ShouldBe([new Exemplar(0.08, (ulong)End + 50, 9, 10)]);
        ofWeb.Throttles.ShouldBeNull();
        ofDb.Waits.ShouldBeNull();
        Dropped.ShouldBe(0);
    }

    [Fact]
    public void Offer_LengthOnASeamInNanoseconds_IsTheSeamInSeconds()
    {
        var web = Born(1);
        var exemplars = store.Open(web);
        // 2^-9 s in ns is whole: the kernel counts it below the bound, and so must the exemplar stand.
        store.Offer(StallOf(StallKind.Wait, web, 1_953_125), 1, 1);
        Held(exemplars.Waits).ShouldHaveSingleItem().Value.ShouldBe(Math.Pow(2, -9));
    }

    [Fact]
    public void Offer_WorkloadUnknownOrGone_IsDroppedAndCounted()
    {
        var web = Born(1);
        store.Offer(StallOf(StallKind.Wait, web, 25_000_000), 1, 1).ShouldBeFalse("not known yet");
        Dropped.ShouldBe(1);
        store.Open(web);
        store.Offer(StallOf(StallKind.Wait, web, 25_000_000), 1, 1).ShouldBeTrue();
        Dropped.ShouldBe(1);
        store.Close(web);
        store.Offer(StallOf(StallKind.Wait, web, 25_000_000), 1, 1).ShouldBeFalse("gone");
        store.Offer(StallOf(StallKind.Throttle, web, 25_000_000), 1, 1).ShouldBeFalse("gone");
        Dropped.ShouldBe(3);
    }

    [Fact]
    public void Count_Verdicts_AddUpWithTheirWorkload()
    {
        var web = Born(1);
        store.Count(StallOf(StallKind.Wait, web, 25_000_000), Verdict.Neighbour);
        losses.Counter("stall_verdict_dropped").Value.ShouldBe(1, "not known yet");
        var account = store.Open(web, 7);
        account.Verdicts.ShouldBeNull();
        for (var i = 1; i <= 3; i++)
            store.Count(StallOf(StallKind.Wait, web, i * 1_000_000_000L), Verdict.Neighbour);
        store.Count(StallOf(StallKind.Throttle, web, 70_000_000), Verdict.Quota);

        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        account.Verdicts.ShouldNotBeNull().Export(builder);
        using var lease = builder.Build(9);
        PointsOf(lease.Snapshot, MetricCatalog.StallVerdicts).ShouldBe([("wait neighbour", 3), ("throttle quota", 1)]);
        PointsOf(lease.Snapshot, MetricCatalog.StallVerdictTime).ShouldBe([("wait neighbour", 6), ("throttle quota", 0.07)]);
        losses.Counter("stall_verdict_dropped").Value.ShouldBe(1);
    }

    [Fact]
    public void Offer_NextLifeOfAWorkload_BeginsWithout()
    {
        var web = Born(1);
        store.Open(web);
        store.Offer(StallOf(StallKind.Wait, web, 25_000_000), 1, 1);
        store.Close(web);
        store.Open(web).Waits.ShouldBeNull();
    }

    [Fact]
    public void Offer_Exit_GoesToTheMachineWhoseVcpuTheThreadRuns()
    {
        var (one, two) = (new ExitExemplars(), new ExitExemplars());
        store.Open(101, one);
        store.Open(102, one);
        store.Open(201, two);
        var host = Born(1);

        store.Offer(ExitOf(host, 102, "io_instruction"), 1, 1).ShouldBeTrue();
        store.Offer(ExitOf(host, 201, "hlt"), 2, 2).ShouldBeTrue();

        Held(one.Of("io_instruction")).ShouldHaveSingleItem().SpanId.ShouldBe(1UL);
        one.Of("hlt").ShouldBeNull();
        Held(two.Of("hlt")).ShouldHaveSingleItem().SpanId.ShouldBe(2UL);
        two.Of("io_instruction").ShouldBeNull();
    }

    [Fact]
    public void Offer_ExitWithoutReasonOrOfAnUnknownThread_IsDroppedAndCounted()
    {
        var (one, two) = (new ExitExemplars(), new ExitExemplars());
        var host = Born(1);
        store.Open(101, one);
        store.Offer(StallOf(StallKind.Exit, host, 2_000_000, 101), 1, 1).ShouldBeFalse("no reason");
        store.Offer(ExitOf(host, 102, "hlt"), 1, 1).ShouldBeFalse("no such vCPU");
        Dropped.ShouldBe(2);

        // Its id is another machine's by the time that the first one is closed.
        store.Open(101, two);
        store.Close(101, one);
        store.Offer(ExitOf(host, 101, "hlt"), 1, 1).ShouldBeTrue();
        Held(two.Of("hlt")).Count.ShouldBe(1);
        store.Close(101, two);
        store.Offer(ExitOf(host, 101, "hlt"), 1, 1).ShouldBeFalse();
        Dropped.ShouldBe(3);
    }

    [Fact]
    public void Offer_ExitsOfMoreReasonsThanThereIsRoomFor_AreDroppedAndCounted()
    {
        var exits = new ExitExemplars();
        store.Open(101, exits);
        var host = Born(1);
        for (var i = 0; i < 70; i++)
            store.Offer(ExitOf(host, 101, $"{i}"), 1, 1).ShouldBe(i < 64);
        Dropped.ShouldBe(6);
        store.Offer(ExitOf(host, 101, "63"), 1, 1).ShouldBeTrue("what has room keeps it");
    }

    [Fact]
    public void Offer_Blocked_HasNoHistogramAndIsNoLoss()
    {
        var web = Born(1);
        store.Open(web);
        store.Offer(StallOf(StallKind.Blocked, web, 200_000_000), 1, 1).ShouldBeFalse();
        store.Offer(StallOf(StallKind.Stopped, web, 200_000_000), 1, 1).ShouldBeFalse();
        Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Offer_WhileWorkloadsComeAndGo_IsTakenOrCounted()
    {
        var workloads = Enumerable.Range(1, 8).Select(i => Born((ulong)i)).ToArray();
        using var done = new CancellationTokenSource();
        var churn = Task.Run(
            () =>
            {
                for (var i = 0; !done.IsCancellationRequested; i++)
                {
                    if (i % 3 == 0)
                        store.Close(workloads[i % 8]);
                    else
                        store.Open(workloads[i % 8]);
                }
            },
            TestContext.Current.CancellationToken);
        var refused = 0;
        for (var i = 0; i < 100_000; i++)
        {
            // Another span each time, never older than the one before it: only a workload that is not there refuses it.
            if (!store.Offer(StallOf(StallKind.Wait, workloads[i % 8], 25_000_000), 1, (ulong)i + 1))
                refused++;
        }
        await done.CancelAsync();
        await churn;
        Dropped.ShouldBe(refused);
    }

    private static (string KindAndVerdict, double Value)[] PointsOf(MetricSnapshot snapshot, MetricDescriptor metric) =>
        [.. snapshot.Families.Single(family => family.Metric == metric).Points.ToArray().Select(each => ($"{each.Series.Labels[^2].Value} {each.Series.Labels[^1].Value}", each.Value))];

    private static Stall ExitOf(Workload workload, int thread, string reason) =>
        StallOf(StallKind.Exit, workload, 2_000_000, thread, new KeyValuePair<string, string>("other", "x"), new KeyValuePair<string, string>(StallAttributes.ExitReason, reason));

    private static Stall StallOf(StallKind kind, Workload workload, long nanoseconds, int thread = 1, params KeyValuePair<string, string>[] attributes) =>
        new(kind, workload, new UtcInterval(End - nanoseconds, End - nanoseconds + 100), new UtcInterval(End, End + 100), new StalledThread(1, thread, "t"), 0, [], attributes) { Nanoseconds = nanoseconds };

    private static List<Exemplar> Held(ExemplarSlots? slots)
    {
        var to = new Exemplar[ExemplarSlots.Capacity];
        return [.. to.AsSpan(0, slots!.CopyTo(to))];
    }

    private Workload Born(ulong cgroup) => registry.Born(cgroup, $"/system.slice/s{cgroup}.service", 1);
}
