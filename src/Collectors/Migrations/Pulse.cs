using System.Buffers.Text;
using Observe.Bpf.Host;
using Observe.Collectors.Self;

namespace Observe.Collectors.Migrations;

/// <summary>
/// Notices that the machine stood still: two threads on two CPUs (one where there is one) that wake up 40 times a second. Where one of
/// them finds that it was late, and the other ran meanwhile, or some CPU went from one thread to another, the machine ran.
/// </summary>
internal sealed class Pulse : IDisposable
{
    /// <summary>Between two turns. What began within it is known to it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>CPUs do not stop and go on at once, ns.</summary>
    private const long Margin = 5_000_000;

    /// <summary>Most that wait to be taken: with one each 75 ms, half a minute's worth.</summary>
    private const int Capacity = 400;

    /// <summary>Turns remembered of each thread: longer ago than anything is looked at.</summary>
    private const int Remembered = 512;

    private readonly Lock gate = new();
    private readonly Func<Standstill, Standstill?> witness;
    private readonly Action<Exception> failed;
    private readonly LossCounter dropped;
    private readonly List<(int Of, Standstill What)> suspects = [];
    private readonly long[][] turns;
    private readonly long[] counts;
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
        counts = new long[threads.Length];
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
                if (what.Sign == BlackoutSign.Late && HasRun(of, what))
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
            foreach (var turn in turns[i])
            {
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
            using var file = File.OpenHandle("/proc/thread-self/schedstat");
            var before = Read(file, (long)MonotonicClock.Nanoseconds, 0);
            while (!isEnding)
            {
                var due = (long)MonotonicClock.Nanoseconds + (Interval.Ticks * 100);
                Thread.Sleep(Interval);
                var beat = Read(file, due, before.Suspended);
                var suspect = BeatRule.Judge(before, beat);
                before = beat;
                IsBlind = beat.Turns == 0;
                Note(number, beat, suspect is { Sign: BlackoutSign.Late } late ? witness(late) : suspect);
            }
        }
        catch (Exception error)
        {
            // On a thread of its own an exception would end the agent.
            failed(error);
        }
    }

    private void Note(int number, in Beat beat, Standstill? suspect)
    {
        lock (gate)
        {
            turns[number][counts[number]++ % Remembered] = beat.Woke;
            if (suspect is not { } found)
                return;
            if (suspects.Count >= Capacity)
            {
                suspects.RemoveAt(0);
                dropped.Add();
            }
            suspects.Add((number, found));
        }
    }

    private static Beat Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, long due, long suspended)
    {
        var woke = (long)MonotonicClock.Nanoseconds;
        // Time on a CPU, time in run queues, both ns, and how often it was given a CPU.
        Span<byte> text = stackalloc byte[96];
        text = text[..RandomAccess.Read(file, text, 0)];
        _ = Next(ref text);
        var waited = Next(ref text);
        var turns = Next(ref text);
        return new Beat(due, woke, HostClock.Suspended() ?? suspended, waited, turns);
    }

    /// <summary>The number at the beginning, which is taken away with what separates it from the next; 0 if there is none.</summary>
    private static long Next(ref Span<byte> text)
    {
        var found = Utf8Parser.TryParse(text, out long number, out var length);
        text = text[Math.Min(length + 1, text.Length)..];
        return found ? number : 0;
    }
}
