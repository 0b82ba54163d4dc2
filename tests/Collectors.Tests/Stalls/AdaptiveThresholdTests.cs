using Observe.Collectors.Stalls;

namespace Observe.Collectors.Tests.Stalls;

public sealed class AdaptiveThresholdTests
{
    [Fact]
    public void Adapt_MoreThanWanted_DoublesUpToItsBound()
    {
        var threshold = new AdaptiveThreshold(1000, 50);

        threshold.Adapt(51).ShouldBeTrue();
        threshold.Current.ShouldBe(2000UL);
        for (var second = 0; second < 20; second++)
            threshold.Adapt(10_000);

        threshold.Current.ShouldBe(64_000UL);
        threshold.Adapt(10_000).ShouldBeFalse();
    }

    [Fact]
    public void Adapt_Quiet_ComesDownToWhatIsConfiguredAndNotBelow()
    {
        var threshold = new AdaptiveThreshold(1000, 50);
        threshold.Adapt(51);
        threshold.Adapt(51);

        threshold.Adapt(12).ShouldBeTrue();
        threshold.Current.ShouldBe(2000UL);
        threshold.Adapt(0);
        threshold.Adapt(0).ShouldBeFalse();
        threshold.Current.ShouldBe(1000UL);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(50)]
    public void Adapt_BetweenCalmAndTooMany_StaysWhereItIs(double rate)
    {
        var threshold = new AdaptiveThreshold(1000, 50);
        threshold.Adapt(51);

        threshold.Adapt(rate).ShouldBeFalse();
        threshold.Current.ShouldBe(2000UL);
    }
}
