using Observe.Collectors.Migrations;

namespace Observe.Collectors.Tests.Migrations;

/// <summary>What tells a machine that stood still from a thread that did.</summary>
public sealed class BeatRuleTests
{
    private const long Ms = 1_000_000;

    private static readonly Beat Before = new(1000 * Ms, 1000 * Ms, 0, 1);

    [Fact]
    public void Judge_LateAndRunOnce_IsAStandstillSinceBeforeItWasDue()
    {
        var found = BeatRule.Judge(Before, new Beat(1025 * Ms, 1400 * Ms, 2 * Ms, 1)).ShouldNotBeNull();
        // It stood in the run queue for 2 ms of that.
        found.ShouldBe(new Standstill(BlackoutSign.Late, 1000 * Ms, 1025 * Ms, 1397 * Ms, 1398 * Ms, 373 * Ms));
    }

    [Theory]
    [InlineData(1026, 0, 1)] // in time
    [InlineData(1074, 0, 1)] // late, but by less than is told
    [InlineData(1400, 330, 1)] // others were preferred to it
    [InlineData(1400, 0, 2)] // it was stopped: it ran, to stop
    [InlineData(1400, 0, 0)] // the kernel does not count
    public void Judge_OnlyTheThreadStoodStill_IsNone(long woke, long waited, long turns) =>
        BeatRule.Judge(Before, new Beat(1025 * Ms, woke * Ms, waited * Ms, turns)).ShouldBeNull();

    [Fact]
    public void Narrow_TwoOfTheSame_IsWhatBothSay()
    {
        var one = new Standstill(BlackoutSign.Late, 1000 * Ms, 1025 * Ms, 1397 * Ms, 1398 * Ms, 373 * Ms);
        var other = new Standstill(BlackoutSign.Late, 1010 * Ms, 1035 * Ms, 1398 * Ms, 1399 * Ms, 364 * Ms);
        one.MayBe(other).ShouldBeTrue();
        one.Narrow(other).ShouldBe(new Standstill(BlackoutSign.Late, 1010 * Ms, 1025 * Ms, 1397 * Ms, 1398 * Ms, 373 * Ms));
        one.MayBe(other with { BeginEarliest = 1500 * Ms, EndLatest = 1600 * Ms }).ShouldBeFalse();
    }
}
