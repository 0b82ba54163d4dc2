using Observe.Collectors.VCenter.Performance;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter.Performance;

public sealed class RoundScheduleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(12.4, 0)]
    [InlineData(19, 0)]
    [InlineData(7, 4)]
    public void Wait_ServerWithALag_RoundsComeSoonAfterSamplesAndNotInVain(double lag, double duration)
    {
        var time = new ManualTime();
        var schedule = new RoundSchedule(RealTime.Interval, time);
        var (inVain, late) = (0, new List<double>());
        DateTimeOffset? before = null;
        for (var round = 0; round < 500; round++)
        {
            var began = time.GetUtcNow();
            // Samples at whole intervals, there after the lag.
            var newest = DateTimeOffset.FromUnixTimeSeconds((long)Math.Floor((began.ToUnixTimeMilliseconds() / 1e3 - lag) / 20) * 20);
            inVain += newest == before ? 1 : 0;
            if (before is not null && newest != before)
                late.Add((began - newest).TotalSeconds - lag);
            ((newest - (before ?? newest)) / RealTime.Interval).ShouldBeLessThanOrEqualTo(1, "no sample waits for a round longer than it must");
            before = newest;
            time.Advance(TimeSpan.FromSeconds(duration));
            schedule.Learn(began, newest);
            time.Advance(schedule.Wait(time.GetUtcNow()));
        }
        inVain.ShouldBeLessThanOrEqualTo(8);
        late.TakeLast(400).Max().ShouldBeLessThanOrEqualTo(3.01 + duration);
    }

    [Fact]
    public void Wait_RoundTookLong_TheNextIsAtTheNextTimeThatIsDue()
    {
        var time = new ManualTime();
        var schedule = new RoundSchedule(RealTime.Interval, time);
        var began = DateTimeOffset.FromUnixTimeSeconds(1_800_000_005);
        schedule.Learn(began, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

        schedule.Wait(began + TimeSpan.FromSeconds(47)).ShouldBe(TimeSpan.FromSeconds(13));
    }

    [Fact]
    public void Wait_NothingIsKnown_IsAnInterval()
    {
        var schedule = new RoundSchedule(RealTime.Interval, new ManualTime());
        schedule.Learn(DateTimeOffset.UnixEpoch, null);
        schedule.Wait(DateTimeOffset.UnixEpoch).ShouldBe(RealTime.Interval);
        schedule.Lag.ShouldBeNull();
    }
}
