using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>One pass of an iterator program over the kernel's objects: the bytes that it writes, read to the end.</summary>
public sealed unsafe class BpfIterator : SafeHandle
{
    private readonly string program;
    private bool ended;

    internal BpfIterator(int fd, string program)
        : base(-1, ownsHandle: true)
    {
        SetHandle(fd);
        this.program = program;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>Reads on. The program runs as far as it takes to fill the buffer; records may be cut at its end.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>The number of bytes; less than there is room for only at the end of the pass.</returns>
    /// <exception cref="BpfException">The kernel refused; E2BIG: one object's output exceeds the kernel's buffer (8 pages).</exception>
    public int Read(Span<byte> buffer)
    {
        var done = 0;
        fixed (byte* start = buffer)
            while (!ended && done < buffer.Length)
            {
                var count = LibC.read((int)handle, start + done, (nuint)(buffer.Length - done));
                if (count < 0)
                    ThrowUnlessRetry(Marshal.GetLastPInvokeError());
                else if (count > 0)
                    done += (int)count;
                else
                    ended = true; // Asked again, the kernel would go on with what has been created since.
            }
        return done;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;

    // EAGAIN: the kernel gave up the CPU after a million objects without output and wants to be asked again.
    private void ThrowUnlessRetry(int errno)
    {
        if (errno is not (Errno.EAGAIN or Errno.EINTR))
            throw new BpfException("iterate with", program, errno);
    }
}
