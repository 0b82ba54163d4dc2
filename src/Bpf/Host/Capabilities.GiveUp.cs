using System.Globalization;
using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

// Linux keeps capabilities by thread, and the runtime has many: src/Native/privileges.c has each of them give up its own.
public static partial class Capabilities
{
    private const uint CapabilityVersion3 = 0x20080522;
    private const int WordsOfSets = 6; // effective, permitted, inheritable; for capabilities below 32, and from there on

    /// <summary>bpf(2)'s first command that takes a descriptor.</summary>
    private const int LookUpElement = 1;

    /// <summary>Bytes of bpf(2)'s argument for it: map, key, value, flags.</summary>
    private const int LookUpBytes = 32;

    private static readonly Lock GivingUp = new();

    /// <summary>
    /// What any thread of the process has in its permitted, effective or inheritable set, and how many threads there are. Only while
    /// there is nothing can nothing be regained.
    /// </summary>
    /// <exception cref="IOException">The threads cannot be listed.</exception>
    public static unsafe (CapabilitySet Held, int Threads) OfAllThreads()
    {
        var (held, threads) = (0UL, 0);
        var data = stackalloc uint[WordsOfSets];
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            var header = stackalloc[] { CapabilityVersion3, uint.Parse(Path.GetFileName(task.AsSpan()), CultureInfo.InvariantCulture) };
            if (LibC.capget(header, data) != 0)
                continue; // it has ended
            threads++;
            held |= data[0] | data[1] | data[2] | ((ulong)(data[3] | data[4] | data[5]) << 32);
        }
        return (new(held), threads);
    }

    /// <summary>
    /// Has every thread of the process give up all capabilities but some, for good: out of all its sets, and out of the bounding set
    /// where that is allowed. No program that is started later regains them (<c>no_new_privs</c>).
    /// </summary>
    /// <param name="keep">What to keep, as far as a thread has it.</param>
    /// <param name="within">How long that may take: a thread does it when it next runs.</param>
    /// <returns>Null if no thread has anything else any more; else what went wrong. It may be called again.</returns>
    public static unsafe string? KeepOnly(CapabilitySet keep, TimeSpan within)
    {
        try
        {
            lock (GivingUp)
            {
                var threads = default(LibObserve.Threads);
                var result = LibObserve.observe_keep_capabilities(keep.Bits, (uint)within.TotalMilliseconds, &threads);
                return result switch
                {
                    0 => null,
                    -Errno.ETIMEDOUT => $"{threads.Left} of {threads.Seen} threads had not given up theirs after {within.TotalSeconds:0.###} s",
                    -Errno.EBUSY => "every real-time signal is in use, and one is needed to reach all threads",
                    _ => $"the threads cannot be reached: {KernelFile.DescribeError(-result)}",
                };
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return $"the native library that is shipped beside the program cannot be used: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>
    /// Whether bpf(2) is refused to a thread without capabilities even for what it has open already: so before Linux 5.19 (commit
    /// c8644cd0efe7) where <c>kernel.unprivileged_bpf_disabled</c> is set. Found out by a thread that gives up its own, and ends.
    /// </summary>
    public static bool AreNeededForOpenMaps()
    {
        var needed = false;
        var trial = new Thread(() => needed = IsRefusedWithoutAny(), maxStackSize: 256 * 1024) { Name = "without rights", IsBackground = true };
        trial.Start();
        trial.Join();
        return needed;
    }

    private static unsafe bool IsRefusedWithoutAny()
    {
        var header = stackalloc[] { CapabilityVersion3, 0u };
        var none = stackalloc uint[WordsOfSets];
        new Span<uint>(none, WordsOfSets).Clear();
        if (LibC.capset(header, none) != 0)
            return true;
        var argument = stackalloc byte[LookUpBytes];
        new Span<byte>(argument, LookUpBytes).Clear();
        *(int*)argument = -1; // no map: who may ask is looked at first
        var call = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;
        return LibC.syscall(call, LookUpElement, (nint)argument, LookUpBytes) < 0 && Marshal.GetLastPInvokeError() == Errno.EPERM;
    }
}
