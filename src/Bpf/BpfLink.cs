using System.Runtime.InteropServices;
using Observe.Bpf.Interop;
using Observe.Bpf.Maps;

namespace Observe.Bpf;

/// <summary>An attachment of a program to its hook; detached when disposed.</summary>
public sealed class BpfLink : SafeHandle
{
    private readonly string program;
    private readonly BpfObject owner;

    internal BpfLink(nint link, string program, BpfObject owner)
        : base(0, ownsHandle: true)
    {
        SetHandle(link);
        this.program = program;
        this.owner = owner;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Starts one pass of an iterator program (<c>iter/task</c>): it runs as its output is read.</summary>
    /// <exception cref="BpfException">The program is no iterator, or the kernel refused.</exception>
    public BpfIterator OpenIterator()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        var fd = LibBpf.bpf_iter_create(LibBpf.bpf_link__fd(handle));
        return fd >= 0 ? new BpfIterator(fd, program) : throw new BpfException("iterate with", program, -fd);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            owner.Disown(this);
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibBpf.bpf_link__destroy(handle) == 0;
}
