using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>The memory of a <c>BPF_F_MMAPABLE</c> map, shared with the kernel: reading it costs no system call.</summary>
internal sealed unsafe class MapView : SafeHandle
{
    private readonly nuint mapped;
    private readonly BpfObject owner;

    private MapView(nint address, nuint mapped, BpfObject owner)
        : base(0, ownsHandle: true)
    {
        SetHandle(address);
        this.mapped = mapped;
        this.owner = owner;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Its first byte.</summary>
    /// <exception cref="ObjectDisposedException">The view or its object was disposed.</exception>
    internal byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (byte*)handle;
        }
    }

    /// <summary>Maps <paramref name="bytes"/>, rounded up to pages as the kernel allocates them.</summary>
    internal static MapView Open(BpfMap map, long bytes, bool writable)
    {
        if ((map.Flags & BpfMap.Mappable) == 0)
            throw new BpfException("map into memory", map.ToString(),
                "it lacks BPF_F_MMAPABLE (set map_flags in the source; globals need a non-static variable; Linux 5.5)");
        var length = (nuint)RoundUp(bytes, Environment.SystemPageSize);
        var protection = LibC.ProtRead | (writable ? LibC.ProtWrite : 0);
        var address = LibC.mmap(0, length, protection, LibC.MapShared, map.Fd, 0);
        if (address == LibC.MapFailed)
        {
            var errno = Marshal.GetLastPInvokeError();
            throw new BpfException("map into memory", map.ToString(), errno,
                remedy: writable && errno == Errno.EPERM ? "it is frozen or read-only: map it for reading" : null,
                detail: $"{length} bytes");
        }
        return map.Owner.Own(new MapView(address, length, map.Owner));
    }

    internal static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            owner.Disown(this);
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => LibC.munmap(handle, mapped) == 0;
}
