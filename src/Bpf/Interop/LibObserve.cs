using System.Runtime.InteropServices;

namespace Observe.Bpf.Interop;

/// <summary>Our own native code, <c>src/Native</c>: what must not be done in the runtime's language. It is shipped beside the program.</summary>
internal static unsafe partial class LibObserve
{
    private const string Name = "observe_native";

    /// <summary>Leaves every thread no capability but those of a mask; 0 or a negative errno, -ETIMEDOUT if some had not done it in time.</summary>
    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    internal static partial int observe_keep_capabilities(ulong keep, uint timeoutMilliseconds, Threads* threads);

    /// <summary>What the last look found (struct observe_threads).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Threads
    {
        /// <summary>Threads there were.</summary>
        internal uint Seen;

        /// <summary>Of those, with something that was to be given up.</summary>
        internal uint Left;
    }
}
