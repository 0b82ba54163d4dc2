using Observe.Collectors.Stalls;
using Observe.Tests;

namespace Observe.Collectors.Tests.Stalls;

public sealed class StallLimiterTests
{
    private readonly ManualTime time = new();
    private readonly StallVictim[] victims = [StallLimiter.NewVictim(Options), StallLimiter.NewVictim(Options)];
    private readonly StallLimiter limiter;
    private StallLimits limits;

    public StallLimiterTests()
    {
        limiter = new StallLimiter(Options, time);
        StallLimiter.Set(ref limits, Options);
    }

    private static StallOptions Options { get; } = new() { PerSecond = 50 };

    [Fact]
    public void Set_Rate_IsASecondsWorthOfTokensForAllAndAFifthForEach()
    {
        limits.Granted.ShouldBe(50UL);
        victims[0].Granted.ShouldBe(10U);
        StallLimiter.NewVictim(new StallOptions { PerSecond = 1 }).Granted.ShouldBe(1U);
        (limits.Threshold[0], limits.Threshold[1], limits.Threshold[2], limits.Threshold[3], limits.Threshold[4]).ShouldBe((20_000_000UL, 20_000_000UL, 100_000_000UL, 1_000_000UL, 100_000_000UL));
    }

    [Fact]
    public void Grant_Always_IsTheRateToTheLastToken()
    {
        for (var i = 0; i < 400; i++)
        {
            limits.Taken = limits.Granted;
            victims[1].Taken = victims[1].Granted;
            Pass(0.25);
        }
        limits.Granted.ShouldBe(50UL + (100 * 50));
        victims[1].Granted.ShouldBe(10U + (100 * 10));
    }

    [Fact]
    public void Grant_WhatNobodyTakes_IsNoMoreThanASecondsWorth()
    {
        limits.Taken = 20;
        victims[1].Taken = 7;
        for (var i = 0; i < 40; i++)
            Pass(0.25);
        limits.Granted.ShouldBe(70UL);
        (victims[0].Granted, victims[1].Granted).ShouldBe((10U, 17U));
        Pass(3600);
        (limits.Granted, victims[1].Granted).ShouldBe((70UL, 17U));
    }

    [Fact]
    public void Grant_TakenByTwoCpusAtOnce_IsADebt()
    {
        limits.Taken = limits.Granted + 1;
        Pass(0.02);
        limits.Granted.ShouldBe(limits.Taken, "none is left");
        Pass(0.02);
        (limits.Granted - limits.Taken).ShouldBe(1UL);
    }

    [Fact]
    public void Grant_NumbersThatWrapAround_GoOn()
    {
        victims[0].Taken = uint.MaxValue - 3;
        victims[0].Granted = uint.MaxValue - 3;
        Pass(0.5);
        (victims[0].Granted - victims[0].Taken).ShouldBe(5U);
        Pass(10);
        (victims[0].Granted - victims[0].Taken).ShouldBe(10U);
    }

    [Fact]
    public void BlameNanoseconds_AboveTheThresholdOfWaits_IsThat() =>
        new StallOptions { Blame = TimeSpan.FromSeconds(1), Wait = TimeSpan.FromMilliseconds(5) }.BlameNanoseconds.ShouldBe(5_000_000UL);

    private void Pass(double seconds)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        limiter.Grant(ref limits, victims);
    }
}
