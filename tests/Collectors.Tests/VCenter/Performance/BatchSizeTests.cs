using Observe.Collectors.VCenter.Performance;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter.Performance;

public sealed class BatchSizeTests
{
    private readonly ManualTime time = new();

    private static void Answer(BatchSize size, int times)
    {
        for (var i = 0; i < times; i++)
            size.Succeeded(size.Metrics);
    }

    [Fact]
    public void Failed_TooMuch_IsHalvedAndGrowsToBelowWhatFailed()
    {
        var size = new BatchSize(time);
        size.Allow(1000);
        size.Failed(1000).ShouldBe(1000);
        size.Metrics.ShouldBe(500);
        Answer(size, 19);
        size.Metrics.ShouldBe(500, "slowly");
        Answer(size, 1000);
        size.Metrics.ShouldBe(999, "not to what failed");
        time.Advance(TimeSpan.FromMinutes(31));
        Answer(size, 100);
        size.Metrics.ShouldBe(1000, "it is tried again after a while, and the server's setting is kept to");
    }

    [Fact]
    public void Succeeded_SmallRequests_SayNothingOfLargeOnes()
    {
        var size = new BatchSize(time);
        size.Allow(1000);
        size.Failed(800);
        for (var i = 0; i < 1000; i++)
            size.Succeeded(10);
        size.Metrics.ShouldBe(400);
    }

    [Fact]
    public void Failed_AgainAndAgain_NeverBelowOne()
    {
        var size = new BatchSize(time);
        for (var i = 0; i < 20; i++)
            size.Failed(size.Metrics);
        size.Metrics.ShouldBe(1);
    }

    [Fact]
    public void Allow_SameAgain_KeepsWhatWasLearned()
    {
        var size = new BatchSize(time);
        size.Allow(500);
        size.Failed(500);
        size.Allow(500);
        size.Metrics.ShouldBe(250);
    }
}
