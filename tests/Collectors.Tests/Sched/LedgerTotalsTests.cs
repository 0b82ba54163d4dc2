using Observe.Collectors.Sched;

namespace Observe.Collectors.Tests.Sched;

public sealed class LedgerTotalsTests
{
    [Fact]
    public void Add_OpenInterval_CountsUpToTheMoment()
    {
        var head = default(LedgerCellHead);
        head.Threads[(int)LedgerState.Sleeping] = 2;
        head.Time[(int)LedgerState.Sleeping] = -100 - 300; // entered at 100 and at 300
        var totals = new LedgerTotals();

        totals.Add(head, at: 1000);

        totals.Time[(int)LedgerState.Sleeping].ShouldBe(900 + 700);
        totals.ThreadCount.ShouldBe(2);
    }

    [Fact]
    public void Add_ThreadThatEntersHereAndLeavesThere_IsWholeOverBothCpus()
    {
        var (here, there) = (default(LedgerCellHead), default(LedgerCellHead));
        here.Threads[(int)LedgerState.Waiting] = 1;
        here.Time[(int)LedgerState.Waiting] = -100;
        there.Threads[(int)LedgerState.Waiting] = -1;
        there.Time[(int)LedgerState.Waiting] = 350;
        var totals = new LedgerTotals();

        totals.Add(here, at: 1000);
        totals.Add(there, at: 1000);

        totals.Time[(int)LedgerState.Waiting].ShouldBe(250);
        totals.ThreadCount.ShouldBe(0);
    }

    [Fact]
    public void Correct_WokenThreadThatHasNotRun_MovesItsWaitOutOfSleep()
    {
        var totals = new LedgerTotals();
        totals.Time[(int)LedgerState.Sleeping] = 900;

        totals.Correct(new LedgerOpen { State = (uint)LedgerState.Sleeping, Waiting = 250, Throttled = 50 });

        totals.Time.ShouldBe([0, 250, 50, 0, 600]);
    }

    [Fact]
    public void Correct_ThreadOlderThanTheLedger_AddsItsTimeAndItself()
    {
        var totals = new LedgerTotals();

        totals.Correct(new LedgerOpen { State = (uint)LedgerState.Blocked, Extra = 700, Counted = 1 });

        totals.Time.ShouldBe([0, 0, 0, 700, 0]);
        totals.ThreadCount.ShouldBe(1);
    }

    [Fact]
    public void Set_FromOneWithoutSpells_ForgetsTheOldOnes()
    {
        var totals = new LedgerTotals();
        totals.SpellsToFill()[3] = 5;

        totals.Set(new LedgerTotals());

        totals.Spells.ShouldNotBeNull().ShouldAllBe(count => count == 0);
    }
}
