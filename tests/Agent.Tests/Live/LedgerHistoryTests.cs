using Observe.Agent.Live;
using Observe.Agent.Live.Ledger;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Agent.Tests.Live;

public sealed class LedgerHistoryTests
{
    private readonly ManualTime time = new();
    private readonly SnapshotPool pool = new();
    private readonly LedgerHistory history;

    public LedgerHistoryTests() => history = new LedgerHistory(new LiveSequence(time));

    [Fact]
    public async Task Take_FirstLook_IsSinceEachWorkloadsBeginning()
    {
        var ledger = new LedgerOf(time).With("service", "1", "web", ("running", 0.5), ("waiting", 0.25), ("sleeping", 3));
        time.Advance(TimeSpan.FromSeconds(40));

        var interval = await LookAsync(ledger);

        interval.IsSinceBeginning.ShouldBeTrue();
        var row = interval.Rows.ShouldHaveSingleItem();
        (row.Workload!.Key, row.Workload.Name).ShouldBe(("service/1", "web"));
        row.Rates[LiveStates.Running].ShouldBe(0.5f, 1e-6f);
        row.Suffering.ShouldBe(0.25f, 1e-6f);
        row.Rates[LiveStates.Throttled].ShouldBe(float.NaN, "what is not known is not 0");
        history.Intervals.ShouldBeEmpty("a trend begins with the second look");
    }

    [Fact]
    public async Task Take_LookAfterLook_IsWhatWentByBetween()
    {
        var slow = new LedgerOf(time).With("service", "1", "web", ("running", 1), ("throttled", 2));
        await LookAsync(slow);
        time.Advance(TimeSpan.FromSeconds(2));

        var interval = await LookAsync(slow);

        interval.IsSinceBeginning.ShouldBeFalse();
        (interval.EndUnixNano - interval.BeginUnixNano).ShouldBe(2_000_000_000ul);
        interval.Rows[0].Rates[LiveStates.Throttled].ShouldBe(2f, 1e-5f);
        history.Intervals.ShouldHaveSingleItem().ShouldBeSameAs(interval);
    }

    [Fact]
    public async Task Take_NobodyLookedForLong_BeginsAnew()
    {
        var ledger = new LedgerOf(time).With("service", "1", "web", ("running", 1));
        await LookAsync(ledger);
        time.Advance(TimeSpan.FromSeconds(31));
        (await LookAsync(ledger)).IsSinceBeginning.ShouldBeTrue();
    }

    [Fact]
    public async Task Take_WorkloadThatAppearsWithAPast_IsNotChargedItAtOnce()
    {
        var old = new LedgerOf(time).With("service", "1", "old", ("running", 1));
        var named = new LedgerOf(time).With("service", "2", "named late", ("running", 1));
        time.Advance(TimeSpan.FromSeconds(10));
        await LookAsync(old);
        time.Advance(TimeSpan.FromSeconds(2));

        var interval = await LookAsync(old, named);

        interval.Rows.Single(each => each.Workload!.Id == "2").Rates[LiveStates.Running].ShouldBe(1f, 1e-5f);
    }

    [Fact]
    public async Task Take_ManyWorkloads_RestAddsUpToTheWhole()
    {
        var ledger = new LedgerOf(time);
        for (var i = 0; i < 200; i++)
            ledger.With("service", $"{i}", $"w{i}", ("running", 200 - i), ("waiting", i));
        await LookAsync(ledger);
        time.Advance(TimeSpan.FromSeconds(1));

        var interval = await LookAsync(ledger);

        interval.Rows.Count.ShouldBe(2 * LedgerHistory.OfEachOrder);
        interval.Others.ShouldBe(200 - (2 * LedgerHistory.OfEachOrder));
        interval.Rows[0].Workload!.Name.ShouldBe("w199", "who suffers most stands first");
        interval.Rows[^1].Workload!.Name.ShouldBe("w0", "who runs most is there, too");
        (interval.Rows.Sum(each => each.Suffering) + interval.Rest!.Suffering).ShouldBe(Enumerable.Range(0, 200).Sum(), 0.5f);
    }

    [Fact]
    public async Task Take_VirtualMachine_SumsItsVcpus()
    {
        var ledger = new LedgerOf(time).With("vm", "1", "guest", ("running", 1.5), ("vcpu_guest", 1), ("vcpu_exit", 0.25));
        await LookAsync(ledger);
        time.Advance(TimeSpan.FromSeconds(1));
        var row = (await LookAsync(ledger)).Rows.ShouldHaveSingleItem();
        row.Rates[Array.IndexOf(LiveStates.All, "vcpu_guest")].ShouldBe(1f, 1e-5f);
        row.Rates[Array.IndexOf(LiveStates.All, "vcpu_exit")].ShouldBe(0.25f, 1e-5f);
    }

    [Fact]
    public async Task Intervals_LookedAtForLong_AreBounded()
    {
        var ledger = new LedgerOf(time).With("service", "1", "web", ("running", 1));
        for (var i = 0; i < LedgerHistory.Kept + 20; i++)
        {
            await LookAsync(ledger);
            time.Advance(TimeSpan.FromSeconds(2));
        }
        history.Intervals.Count.ShouldBe(LedgerHistory.Kept);
    }

    private async Task<LedgerInterval> LookAsync(params LedgerOf[] ledgers)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, pool);
        foreach (var each in ledgers)
            await each.CollectAsync(builder, TestContext.Current.CancellationToken);
        using var lease = builder.Build(LedgerOf.Nano(time.GetUtcNow()));
        return history.Take(lease.Snapshot);
    }
}
