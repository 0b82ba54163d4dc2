using Observe.Collectors.Migrations;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Migrations;

/// <summary>Standstills on UTC.</summary>
public sealed class BlackoutTimesTests
{
    private const long Ms = 1_000_000, Second = 1000 * Ms, Epoch = 1_800_000_000 * Second;

    [Fact]
    public void Of_Late_IsWhereTheMonotonicClockSays()
    {
        var clock = ClockAt((10, 0), (11, 0), (12, 0));
        var told = BlackoutTimes.Of(new Standstill(BlackoutSign.Late, 10_500 * Ms, 10_525 * Ms, 10_899 * Ms, 10_900 * Ms, 375 * Ms), clock);
        told.Name.ShouldBe("guest.blackout");
        (told.Begin.Contains(Epoch + (10_510 * Ms)) && told.End.Contains(Epoch + (10_900 * Ms))).ShouldBeTrue();
        (told.Begin.Latest - told.Begin.Earliest).ShouldBeInRange(25 * Ms, 28 * Ms);
        told.Nanoseconds.ShouldBe(375 * Ms);
    }

    [Fact]
    public void Of_Suspended_HasBothEndsWhereTheyMayBe()
    {
        // CLOCK_MONOTONIC stood still for 5 s at 10.51 s.
        var clock = ClockAt((10, 0), (11, 5), (12, 5));
        var told = BlackoutTimes.Of(new Standstill(BlackoutSign.Suspended, 10_500 * Ms, 10_526 * Ms, 10_500 * Ms, 10_526 * Ms, 5 * Second), clock);
        told.Begin.Contains(Epoch + (10_510 * Ms)).ShouldBeTrue();
        told.End.Contains(Epoch + (15_510 * Ms)).ShouldBeTrue();
        (told.End.Middle - told.Begin.Middle).ShouldBeInRange((5 * Second) - (30 * Ms), (5 * Second) + (30 * Ms));
        (told.Begin.Latest - told.Begin.Earliest).ShouldBeLessThan(40 * Ms);
    }

    [Fact]
    public void Within_AStep_IsSomewhereSinceAMomentAndAsLongAsTheStep()
    {
        var step = new GuestBlackout(BlackoutSign.Stepped, UtcInterval.Around(Epoch + (20 * Second), Ms), UtcInterval.Around(Epoch + (20 * Second), Ms)) { Nanoseconds = 300 * Ms };
        step.Name.ShouldBe("guest.clock_step");
        var told = BlackoutTimes.Within(step, UtcInterval.Around(Epoch + (10 * Second), Ms));
        told.Begin.ShouldBe(new UtcInterval(Epoch + (10 * Second) - Ms, Epoch + (20 * Second) + Ms - (300 * Ms)));
        told.End.Middle.ShouldBe(told.Begin.Middle + (300 * Ms));
    }

    /// <summary>A clock with readings at seconds of CLOCK_MONOTONIC, so many seconds ahead.</summary>
    private static UnifiedClock ClockAt(params (long At, long Ahead)[] readings)
    {
        var clock = new UnifiedClock();
        foreach (var (at, ahead) in readings)
            clock.Take(new ClockReading(at * Second, Epoch + ((at + ahead) * Second), at * Second), 0);
        return clock;
    }
}
