using Observe.Collectors.Migrations;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Migrations;

/// <summary>When waits are what they were before; a migration from 100 s on, its blackout until 110 s.</summary>
public sealed class RecoveryRuleTests
{
    private const long Second = 1_000_000_000;

    private static readonly UtcInterval Began = UtcInterval.Around(100 * Second, 0);
    private static readonly UtcInterval From = UtcInterval.Around(110 * Second, 0);

    [Fact]
    public void Judge_WaitsLongerForAWhile_RecoversWithTheFirstOfFiveThatAreNot()
    {
        var windows = Waits((40, 100, 1e-3), (100, 117, 9e-3), (117, 119, 1e-3), (119, 120, 9e-3), (120, 125, 1.1e-3));
        Judge(windows[..^1]).ShouldBeNull("four in a row are not five");
        Judge(windows).ShouldBe(new Recovery(RecoveryOutcome.Recovered, UtcInterval.Around(120 * Second, 0), 1e-3, 9e-3, 1.1e-3));
    }

    [Fact]
    public void Judge_AsBeforeAtOnce_RecoversWithTheFirstSecond() =>
        Judge(Waits((40, 100, 1e-3), (100, 115, 1e-3)))!.Until.ShouldBe(From);

    [Fact]
    public void Judge_LongerForFiveMinutes_GivesUp()
    {
        Judge(Waits((40, 100, 1e-3), (100, 409, 2e-3))).ShouldBeNull();
        var given = Judge(Waits((40, 100, 1e-3), (100, 410, 2e-3))).ShouldNotBeNull();
        (given.Outcome, given.Until, given.Peak).ShouldBe((RecoveryOutcome.Unrecovered, UtcInterval.Around(410 * Second, 0), 2e-3));
    }

    [Theory]
    [InlineData(1.25e-3, true)] // a quarter more
    [InlineData(1.26e-3, false)]
    public void Judge_ByAQuarter(double p95, bool isRecovered) => (Judge(Waits((40, 100, 1e-3), (100, 130, p95))) is not null).ShouldBe(isRecovered);

    [Theory]
    [InlineData(109e-6, true)] // 99 us more than 10 us: nobody waits for that
    [InlineData(111e-6, false)]
    public void Judge_ByAFloor(double p95, bool isRecovered) => (Judge(Waits((40, 100, 10e-6), (100, 130, p95))) is not null).ShouldBe(isRecovered);

    [Fact]
    public void Judge_SecondsThatDifferAnyway_IsBackWhenTheyAreLikeMostOfBefore()
    {
        // Every fifth second is twice as bad, before and after: five in a row would never be within a quarter.
        var windows = Enumerable.Range(40, 100).Select(at => Window(at, at is >= 100 and < 117 ? 9e-3 : at % 5 == 0 ? 2e-3 : 1e-3)).ToList();
        Judge(windows)!.Until.ShouldBe(UtcInterval.Around(117 * Second, 0));
    }

    [Fact]
    public void Judge_WaitsAsLongButMoreOfThem_IsNotBack()
    {
        var windows = Waits((40, 100, 1e-3)).Concat(Enumerable.Range(100, 30).Select(at => Window(at, 1e-3) with { Pressure = at < 120 ? 3 : 0.5 })).ToList();
        Judge(windows)!.Until.ShouldBe(UtcInterval.Around(120 * Second, 0));
    }

    [Fact]
    public void Judge_TooLittleKnownOfBefore_IsUnknown()
    {
        Judge(Waits((81, 100, 1e-3), (100, 130, 1e-3)))!.Outcome.ShouldBe(RecoveryOutcome.Unknown);
        Judge(Waits((80, 100, 1e-3), (100, 130, 1e-3)))!.Outcome.ShouldBe(RecoveryOutcome.Recovered);
        Judge([])!.Outcome.ShouldBe(RecoveryOutcome.Unknown);
    }

    private static Recovery? Judge(IReadOnlyList<WaitWindow> windows) => RecoveryRule.Judge(windows, Began, From);

    private static List<WaitWindow> Waits(params (int From, int To, double P95)[] spells) => [.. spells.SelectMany(each => Enumerable.Range(each.From, each.To - each.From).Select(at => Window(at, each.P95)))];

    private static WaitWindow Window(int at, double p95) => new(UtcInterval.Around(at * Second, 0), UtcInterval.Around((at + 1) * Second, 0), p95, 0.5);
}
