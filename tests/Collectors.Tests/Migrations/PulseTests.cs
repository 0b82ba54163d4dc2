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

    [Fact]
    public void ThreadTurns_ASleep_IsOne()
    {
        // Others may take the CPU away in between; not each time.
        var counts = Enumerable.Range(0, 20).Select(_ =>
        {
            var before = ThreadTurns.Count;
            HostClock.SleepUntil((long)MonotonicClock.Nanoseconds + 2_000_000);
            return ThreadTurns.Count - before;
        }).ToList();
        counts.ShouldAllBe(each => each >= 1);
        counts.ShouldContain(1);
    }

    [Fact]
    public void RunQueueTime_BesideOneThatSpinsOnTheSameCpu_IsWhatItWaited()
    {
        using var ending = new CancellationTokenSource();
        var waited = 0L;
        var cpu = 0;
        var isKept = false;
        using var ready = new ManualResetEventSlim();
        var waiting = new Thread(() =>
        {
            CpuPin.ToCurrent();
            cpu = Thread.GetCurrentProcessorId();
            using var queue = new RunQueueTime();
            isKept = queue.IsKept;
            ready.Set();
            for (var i = 0; i < 50; i++)
            {
                // It does not sleep: what it waits is what it is preempted for.
                for (var from = (long)MonotonicClock.Nanoseconds; (long)MonotonicClock.Nanoseconds - from < 4_000_000;)
                {
                }
            }
            waited = queue.Of(late: 1_000_000);
        });
        waiting.Start();
        ready.Wait(TestContext.Current.CancellationToken);
        var spinning = new Thread(() =>
        {
            CpuPin.To(cpu);
            while (!ending.IsCancellationRequested)
            {
            }
        });
        spinning.Start();
        waiting.Join();
        ending.Cancel();
        spinning.Join();
        isKept.ShouldBeTrue();
        waited.ShouldBeGreaterThan(5_000_000);
    }
}
