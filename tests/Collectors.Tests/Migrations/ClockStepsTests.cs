using Observe.Collectors.Migrations;

namespace Observe.Collectors.Tests.Migrations;

/// <summary>A clock that was set forward.</summary>
public sealed class ClockStepsTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void Take_SetForward_IsToldOnce()
    {
        var steps = new ClockSteps();
        steps.Take(5000 * Ms, 0).ShouldBe(0, "there is nothing to compare it with");
        steps.Take((5000 * Ms) + 400_000, 0).ShouldBe(0, "slewed");
        steps.Take(5300 * Ms, 0).ShouldBe((300 * Ms) - 400_000);
        steps.Take(5300 * Ms, 0).ShouldBe(0);
    }

    [Theory]
    [InlineData(4000, 0)] // set back
    [InlineData(5040, 0)] // by less than is told
    [InlineData(100_000, 0)] // by more than any switchover takes
    [InlineData(5300, 300)] // by as much as the machine was suspended
    public void Take_NoSignOfABlackout_IsNotTold(long offset, long suspended)
    {
        var steps = new ClockSteps();
        steps.Take(5000 * Ms, 0);
        steps.Take(offset * Ms, suspended * Ms).ShouldBe(0);
    }
}
