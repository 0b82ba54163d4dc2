using Observe.Bpf.Host;
using Observe.Collectors.Self;

namespace Observe.Collectors.Migrations;

/// <summary>
/// Notices that the machine stood still: two threads on two CPUs (one where there is one) that wake up 25 times a second, in turns. Where one of
/// them finds that it was late, and the other ran meanwhile, or some CPU went from one thread to another, the machine ran.
/// </summary>
internal sealed class Pulse : IDisposable
{
    /// <summary>Between two turns of a thread, ns: with two of them, the machine is seen to run every 20 ms.</summary>
    private const long Interval = 40_000_000;

    /// <summary>CPUs do not stop and go on at once, ns.</summary>
    private const long Margin = 5_000_000;

    /// <summary>Most that wait to be taken: 18 s of them at their fastest.</summary>
    private const int Capacity = 400;

    /// <summary>Turns remembered of each thread: longer ago than anything is looked at.</summary>
    private const int Remembered = 512;

    private readonly Lock gate = new();
    private readonly Func<Standstill, Standstill?> witness;
    private readonly Action<Exception> failed;
    private readonly LossCounter dropped;
    private readonly List<(int Of, Standstill What)> suspects = [];
    private readonly long[][] turns;
    private readonly Thread[] threads;
    private volatile bool isEnding;

    /// <summary>Starts.</summary>
    /// <param name="witness">Asked at once of each suspect: null if somebody ran, else what is known better of it. From any thread.</param>
    /// <param name="failed">Told why a thread ended by itself.</param>
    /// <param name="dropped">Where suspects for which there is no room are counted.</param>
    public Pulse(Func<Standstill, Standstill?> witness, Action<Exception> failed, LossCounter dropped)
    {
        this.dropped = dropped;
        this.witness = witness;
        this.failed = failed;
        var cpus = Allowed();
        threads = new Thread[Math.Clamp(cpus.Count, 1, 2)];
        turns = [.. threads.Select(_ => new long[Remembered])];
        for (var i = 0; i < threads.Length; i++)
        {
            var (number, cpu) = (i, cpus.Count > 1 ? cpus[i == 0 ? 0 : ^1] : -1);
            threads[i] = new Thread(() => Run(number, cpu), maxStackSize: 128 * 1024) { IsBackground = true, Name = "pulse" };
            threads[i].Start();
        }
    }

    /// <summary>Whether the kernel does not say how often a thread was given a CPU: then nothing is ever found.</summary>
    public bool IsBlind { get; private set; }

    /// <summary>Takes what is found and was over by a moment.</summary>
    /// <param name="until">CLOCK_MONOTONIC, ns: long enough ago that all threads have had a turn since.</param>
    public IReadOnlyList<Standstill> Take(long until)
    {
        lock (gate)
        {
            List<Standstill>? found = null;
            for (var i = 0; i < suspects.Count; i++)
            {
                var (of, what) = suspects[i];
                if (what.EndLatest > until)
                    continue;
                suspects.RemoveAt(i--);
                if (HasRun(of, what))
                    continue;
                var same = (found ??= []).FindIndex(each => each.MayBe(what));
                if (same < 0)
                    found.Add(what);
                else
                    found[same] = found[same].Narrow(what);
            }
            return found ?? [];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isEnding = true;
        foreach (var thread in threads)
            thread.Join();
    }

    private static IReadOnlyList<int> Allowed()
    {
        // Not those that are kept free of everybody who does not ask for them (isolcpus).
        const string Field = "Cpus_allowed_list:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(each => each.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? [] : CpuSet.Parse(line[Field.Length..].Trim()).Ids;
    }

    private bool HasRun(int of, in Standstill what)
    {
        for (var i = 0; i < turns.Length; i++)
        {
            if (i == of)
                continue;
            foreach (ref readonly var each in turns[i].AsSpan())
            {
                var turn = Volatile.Read(in each);
                if (turn > what.BeginLatest + Margin && turn < what.EndEarliest - Margin)
                    return true;
            }
        }
        return false;
    }

    private void Run(int number, int cpu)
    {
        try
        {
            if (cpu >= 0)
                CpuPin.To(cpu);
            using var queue = new RunQueueTime();
            var before = new Beat(0, (long)MonotonicClock.Nanoseconds, 0, 0);
            var turns = ThreadTurns.Count;
            var own = this.turns[number];
            var count = 0L;
            while (!isEnding)
            {
                // The threads' turns lie between each other's.
                var due = (((before.Woke / Interval) + 1) * Interval) + (number * Interval / threads.Length);
                HostClock.SleepUntil(due);
                var woke = (long)MonotonicClock.Nanoseconds;
                var now = ThreadTurns.Count;
                var beat = new Beat(due, woke, queue.Of(woke - due), now - turns);
                // Read by others without a lock: a turn that is missed by a hair is one at the edge.
                Volatile.Write(ref own[count++ % Remembered], woke);
                if (BeatRule.Judge(before, beat) is { } suspect && witness(suspect) is { } found)
                    Note(number, found);
                (before, turns) = (beat, now);
                IsBlind = !queue.IsKept;
            }
        }
        catch (Exception error)
        {
            // On a thread of its own an exception would end the agent.
            failed(error);
        }
    }

    private void Note(int number, in Standstill found)
    {
        lock (gate)
        {
            if (suspects.Count >= Capacity)
            {
                suspects.RemoveAt(0);
                dropped.Add();
            }
            suspects.Add((number, found));
        }
    }
}
