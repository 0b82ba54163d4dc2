using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>An operation on BPF failed. The message says what, on what, why, and what to do where that is known.</summary>
public sealed class BpfException : Exception
{
    internal BpfException(string operation, string target, int errno, string log = "", string? remedy = null, string? detail = null)
        : base(Compose(operation, target, errno, log, remedy, detail))
    {
        Operation = operation;
        Target = target;
        Errno = errno;
        Log = log;
        Remedy = remedy;
    }

    internal BpfException(string operation, string target, string reason)
        : base($"cannot {operation} {target}: {reason}")
    {
        Operation = operation;
        Target = target;
        Log = "";
    }

    /// <summary>What was tried: <c>load</c>, <c>attach</c>.</summary>
    public string Operation { get; }

    /// <summary>On what: the object, program or map.</summary>
    public string Target { get; }

    /// <summary>The positive Linux error number, or 0 when no system call failed.</summary>
    public int Errno { get; }

    /// <summary>The name of <see cref="Errno"/>: <c>EPERM</c>; empty when there is none.</summary>
    public string ErrnoName => Errno == 0 ? "" : Interop.Errno.NameOf(Errno);

    /// <summary>All that libbpf and the verifier said, bounded; may be empty.</summary>
    public string Log { get; }

    /// <summary>What to do, where known.</summary>
    public string? Remedy { get; }

    private static string Compose(string operation, string target, int errno, string log, string? remedy, string? detail)
    {
        var message = $"cannot {operation} {target}: {Interop.Errno.NameOf(errno)} ({Interop.Errno.Describe(errno)})";
        if (detail is not null)
            message += $"; {detail}";
        if (remedy is not null)
            message += $". {remedy}";
        var tail = BpfDiagnosis.Tail(log);
        return tail.Length == 0 ? message : $"{message}\n{tail}";
    }
}
