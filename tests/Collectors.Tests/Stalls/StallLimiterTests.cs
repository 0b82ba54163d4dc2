using Observe.Collectors.Stalls;

namespace Observe.Collectors.Tests.Stalls;

public sealed class StallLimiterTests
{
    [Theory]
    [InlineData(50, 20_000_000UL, 980_000_000UL, 100_000_000UL, 900_000_000UL)]
    [InlineData(1, 1_000_000_000UL, 0UL, 1_000_000_000UL, 0UL)]
    public void Set_Rate_IsASecondsWorthOfTokensForAllAndAFifthForEach(int perSecond, ulong interval, ulong burst, ulong workloadInterval, ulong workloadBurst)
    {
        var limits = default(StallLimits);

        StallLimiter.Set(ref limits, new StallOptions { PerSecond = perSecond });

        (limits.Interval, limits.Burst).ShouldBe((interval, burst));
        (limits.WorkloadInterval, limits.WorkloadBurst).ShouldBe((workloadInterval, workloadBurst));
        (limits.Threshold[0], limits.Threshold[1], limits.Threshold[2], limits.Threshold[3], limits.Threshold[4]).ShouldBe((20_000_000UL, 20_000_000UL, 100_000_000UL, 1_000_000UL, 100_000_000UL));
    }

    [Fact]
    public void BlameNanoseconds_AboveTheThresholdOfWaits_IsThat() =>
        new StallOptions { Blame = TimeSpan.FromSeconds(1), Wait = TimeSpan.FromMilliseconds(5) }.BlameNanoseconds.ShouldBe(5_000_000UL);
}
