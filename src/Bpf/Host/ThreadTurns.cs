using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>How often the calling thread has given its CPU up, or had to (getrusage(2), RUSAGE_THREAD): a tenth of the cost of reading the same in <c>/proc</c>.</summary>
public static unsafe class ThreadTurns
{
    private const int Thread = 1; // RUSAGE_THREAD

    /// <summary>The number so far.</summary>
    public static long Count
    {
        get
        {
            var usage = default(Usage);
            _ = LibC.getrusage(Thread, &usage);
            return usage.Voluntary + usage.Involuntary;
        }
    }

    /// <summary>The end of struct rusage of 64-bit systems, and its size.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    internal struct Usage
    {
        [FieldOffset(128)]
        public long Voluntary;

        [FieldOffset(136)]
        public long Involuntary;
    }
}
