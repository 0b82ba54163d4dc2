using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Observe.Bpf.Interop;

/// <summary>
/// What libbpf says during one operation, kept for the error message instead of printed on standard error. libbpf calls
/// back on the thread that called it, so the record is per thread; outside an operation messages are dropped.
/// </summary>
internal static unsafe class LibBpfLog
{
    /// <summary>The end of the verifier's log says why; this many bytes of it are plenty.</summary>
    private const int MaxBytesPerMessage = 32 * 1024;

    /// <summary>More than this in one operation and the oldest text goes.</summary>
    private const int MaxChars = 64 * 1024;

    private const int DebugLevel = 2;

    [ThreadStatic]
    private static StringBuilder? current;

    /// <summary>Replaces libbpf's printing to standard error; called once, when the library is loaded.</summary>
    internal static void Install() => LibBpf.libbpf_set_print(&Print);

    /// <summary>Starts recording on this thread. The scope's text is read before it is disposed.</summary>
    internal static Scope Record()
    {
        var previous = current;
        current = new StringBuilder();
        return new Scope(current, previous);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, nint arguments)
    {
        // Called from C: an exception leaving here would end the process, so whatever fails costs the message only.
        try
        {
            if (current is { } log && level < DebugLevel)
                Append(log, format, arguments);
        }
        catch (Exception)
        {
        }
        return 0;
    }

    private static void Append(StringBuilder log, byte* format, nint arguments)
    {
        // vasprintf, because a verifier log can be megabytes, its end is what matters, and a va_list can be walked once.
        byte* text;
        var length = LibC.vasprintf(&text, format, arguments);
        if (length < 0)
            return;
        try
        {
            var bytes = new ReadOnlySpan<byte>(text, length);
            log.Append(Encoding.UTF8.GetString(bytes.Length > MaxBytesPerMessage ? bytes[^MaxBytesPerMessage..] : bytes));
            if (log.Length > MaxChars)
                log.Remove(0, log.Length - MaxChars);
        }
        finally
        {
            LibC.free(text);
        }
    }

    /// <summary>One operation's record.</summary>
    internal readonly ref struct Scope(StringBuilder log, StringBuilder? previous)
    {
        internal string Text => log.ToString();

        public void Dispose() => current = previous;
    }
}
