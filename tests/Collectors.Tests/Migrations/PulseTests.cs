using System.Diagnostics;
using Observe.Bpf.Host;
using Observe.Collectors.Migrations;
using Observe.Collectors.Self;

namespace Observe.Collectors.Tests.Migrations;

/// <summary>The pulse of this very machine. What it finds where a machine really stands still is looked at from outside: tests/vm.</summary>
public sealed class PulseTests
{
    [Fact]
    public async Task Take_WhileTheGarbageCollectorStopsEverything_FindsNothing()
    {
        var failures = new List<Exception>();
        using var pulse = new Pulse(suspect => suspect, failures.Add, new LossCounters().Counter("x"));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(1.5);)
        {
            // Stops every thread that is on its way out of a system call, for as long as there is something to look through.
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            await Task.Yield();
        }
        await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        failures.ShouldBeEmpty();
        pulse.IsBlind.ShouldBeFalse();
        // This machine may be one that really stands still now and then.
        pulse.Take((long)MonotonicClock.Nanoseconds).Count.ShouldBeLessThan(3);
    }
}
