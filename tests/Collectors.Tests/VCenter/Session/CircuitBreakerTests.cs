using Observe.Collectors.VCenter.Session;
using Observe.Collectors.VCenter.Soap;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter.Session;

public sealed class CircuitBreakerTests
{
    private readonly ManualTime time = new();
    private readonly CircuitBreaker breaker;

    public CircuitBreakerTests()
    {
        breaker = new CircuitBreaker(new SessionTimings { Failures = 3 }, time);
        for (var i = 0; i < 3; i++)
            breaker.Ended(CallOutcome.Unreachable);
    }

    [Fact]
    public void TryEnter_AfterThePause_LetsOneThrough()
    {
        breaker.TryEnter(out var wait).ShouldBeFalse();
        wait.ShouldBeInRange(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5));
        time.Advance(wait);

        breaker.TryEnter(out _).ShouldBeTrue();
        breaker.TryEnter(out _).ShouldBeFalse("one is on its way to see");
        breaker.Ended(CallOutcome.Answered);
        breaker.TryEnter(out _).ShouldBeTrue();
        breaker.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Ended_OneThatBeganBeforeLeavesMeanwhile_TheFailureOfTheTrialIsAPauseAllTheSame()
    {
        breaker.TryEnter(out var first);
        time.Advance(first);
        breaker.TryEnter(out _).ShouldBeTrue();

        breaker.Leave();
        breaker.Ended(CallOutcome.Late);

        breaker.TryEnter(out var second).ShouldBeFalse();
        second.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), "and a longer one");
    }

    [Fact]
    public void Ended_RequestsThatWereUnderWayWhenItOpened_MakeThePauseNoLonger()
    {
        breaker.TryEnter(out var before);
        for (var i = 0; i < 10; i++)
            breaker.Ended(CallOutcome.Late);

        breaker.TryEnter(out var after);

        after.ShouldBe(before);
    }
}
