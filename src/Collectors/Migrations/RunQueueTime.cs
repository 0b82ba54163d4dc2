using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Observe.Collectors.Migrations;

/// <summary>
/// How long the thread that makes it stood in run queues, by the kernel. To be asked costs as much as a turn of the pulse, so of an ordinary turn its lateness is noted
/// instead, which is at most too much by the timer's own: the kernel is asked when it matters, and now and then.
/// </summary>
internal sealed class RunQueueTime : IDisposable
{
    /// <summary>Turns after which it is asked anyway: what the timers of so many are late by is no more than some ms.</summary>
    private const int AskedEvery = 64;

    private readonly SafeFileHandle file = File.OpenHandle("/proc/thread-self/schedstat");
    private long known;
    private long since;
    private int turns;

    /// <summary>Asks for the first time.</summary>
    public RunQueueTime() => Ask();

    /// <summary>Whether the kernel tells.</summary>
    public bool IsKept { get; private set; }

    /// <summary>An ordinary turn.</summary>
    /// <param name="late">By how much it was late, ns.</param>
    public void Passed(long late)
    {
        since += late;
        if (++turns >= AskedEvery)
            Ask();
    }

    /// <summary>A turn that was late for too long.</summary>
    /// <returns>What it stood in run queues before, ns.</returns>
    public long Asked()
    {
        var (before, ordinary) = (known, since);
        Ask();
        return Math.Max(0, known - before - ordinary);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Ask()
    {
        // Time on a CPU, time in run queues, both ns, and how often it was given a CPU.
        Span<byte> text = stackalloc byte[96];
        text = text[..RandomAccess.Read(file, text, 0)];
        IsKept = Next(ref text) > 0;
        known = Next(ref text);
        (since, turns) = (0, 0);
    }

    /// <summary>The number at the beginning, which is taken away with what separates it from the next; 0 if there is none.</summary>
    private static long Next(ref Span<byte> text)
    {
        var found = Utf8Parser.TryParse(text, out long number, out var length);
        text = text[Math.Min(length + 1, text.Length)..];
        return found ? number : 0;
    }
}
