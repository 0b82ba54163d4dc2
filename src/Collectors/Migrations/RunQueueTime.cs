using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Observe.Collectors.Migrations;

/// <summary>
/// How long the thread that makes it stood in run queues, by the kernel. To ask costs as much as a turn of the pulse, so the kernel is not asked after a turn that was in
/// time, which cannot have stood there for long.
/// </summary>
internal sealed class RunQueueTime : IDisposable
{
    /// <summary>Late by more, ns, and it is asked.</summary>
    private const long InTime = 500_000;

    /// <summary>Turns in time after which it is asked anyway: what so many may have waited is put down to the next that is late, 16 ms at most.</summary>
    private const int AskedEvery = 32;

    private readonly SafeFileHandle file = File.OpenHandle("/proc/thread-self/schedstat");
    private long known;
    private int turns;

    /// <summary>Asks for the first time.</summary>
    public RunQueueTime() => Ask();

    /// <summary>Whether the kernel tells.</summary>
    public bool IsKept { get; private set; }

    /// <summary>What a turn stood in run queues before.</summary>
    /// <param name="late">By how much it was late, ns.</param>
    /// <returns>ns; 0 of one in time. At most too much by what those before it did that were in time.</returns>
    public long Of(long late)
    {
        if (late <= InTime && ++turns < AskedEvery)
            return 0;
        var before = known;
        Ask();
        return Math.Max(0, known - before);
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
        turns = 0;
    }

    /// <summary>The number at the beginning, which is taken away with what separates it from the next; 0 if there is none.</summary>
    private static long Next(ref Span<byte> text)
    {
        var found = Utf8Parser.TryParse(text, out long number, out var length);
        text = text[Math.Min(length + 1, text.Length)..];
        return found ? number : 0;
    }
}
