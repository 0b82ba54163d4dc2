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
        Cause = Describe(operation, target, errno, detail);
    }

    internal BpfException(string operation, string target, string reason, string? remedy = null)
        : base($"cannot {operation} {target}: {reason}{(remedy is null ? "" : $"; {remedy}")}")
    {
        Operation = operation;
        Target = target;
        Log = "";
        Remedy = remedy;
        Cause = $"cannot {operation} {target}: {reason}";
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

    /// <summary>What failed, on what and why, in one line: the message without the remedy and without what libbpf said.</summary>
    public string Cause { get; }

    /// <summary>What to do, where known; in one line.</summary>
    public string? Remedy { get; }

    private static string Compose(string operation, string target, int errno, string log, string? remedy, string? detail)
    {
        var message = Describe(operation, target, errno, detail);
        if (remedy is not null)
            message += $"; {remedy}";
        var tail = BpfDiagnosis.Tail(log);
        return tail.Length == 0 ? message : $"{message}\n{tail}";
    }

    private static string Describe(string operation, string target, int errno, string? detail) =>
        $"cannot {operation} {target}: {Interop.Errno.NameOf(errno)} ({Interop.Errno.Describe(errno)}){(detail is null ? "" : $"; {detail}")}";
}
