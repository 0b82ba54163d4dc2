using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>Memory shared with the kernel or, through it, with a guest; not the garbage collector's, so it never moves.</summary>
public sealed class MappedMemory : SafeHandle
{
    private readonly int length;

    private MappedMemory(nint address, int length)
        : base(0, ownsHandle: true)
    {
        SetHandle(address);
        this.length = length;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Where it begins.</summary>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>All of it; not to be kept beyond this object.</summary>
    public unsafe Span<byte> Bytes => new((void*)Address, length);

    /// <summary>Maps memory for reading and writing.</summary>
    /// <param name="device">Whose memory it is; null for fresh memory, all zero.</param>
    /// <param name="length">In bytes; whole pages.</param>
    /// <param name="errno">The Linux error number, or 0.</param>
    /// <returns>Null on failure.</returns>
    public static MappedMemory? TryMap(DeviceFile? device, int length, out int errno)
    {
        var flags = LibC.MapShared | (device is null ? LibC.MapAnonymous : 0);
        var address = LibC.mmap(0, (nuint)length, LibC.ProtRead | LibC.ProtWrite, flags, (int)(device?.DangerousGetHandle() ?? -1), 0);
        errno = address == LibC.MapFailed ? Marshal.GetLastPInvokeError() : 0;
        return address == LibC.MapFailed ? null : new MappedMemory(address, length);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.munmap(handle, (nuint)length) == 0;
}
