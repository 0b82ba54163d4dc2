using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>A file that the kernel is spoken to through by ioctl(2): <c>/dev/kvm</c>, and what is made by it.</summary>
public sealed class DeviceFile : SafeHandle
{
    private DeviceFile(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>Opens a device for reading and writing.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="errno">The Linux error number, or 0.</param>
    /// <returns>Null on failure.</returns>
    public static DeviceFile? TryOpen(string path, out int errno) => Of(LibC.open(path, LibC.OpenReadWriteCloseOnExec), out errno);

    /// <summary>Makes a request whose result is another file: KVM_CREATE_VM.</summary>
    /// <param name="request">The request's number.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="errno">The Linux error number, or 0.</param>
    /// <returns>Null on failure.</returns>
    public DeviceFile? TryCreate(uint request, nint argument, out int errno)
    {
        var result = Ioctl(request, argument);
        errno = result < 0 ? -result : 0;
        return result < 0 ? null : new DeviceFile(result);
    }

    /// <summary>Makes a request with a number, or with nothing.</summary>
    /// <param name="request">The request's number.</param>
    /// <param name="argument">Its argument.</param>
    /// <returns>The result, or a negative error number.</returns>
    public int Ioctl(uint request, nint argument = 0)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        var result = LibC.ioctl((int)handle, request, argument);
        return result < 0 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>Makes a request with a struct, which the kernel reads or writes.</summary>
    /// <typeparam name="T">The struct, laid out as the kernel's header has it.</typeparam>
    /// <param name="request">The request's number, which contains the size of the struct.</param>
    /// <param name="argument">The struct.</param>
    /// <returns>The result, or a negative error number.</returns>
    public unsafe int Ioctl<T>(uint request, ref T argument)
        where T : unmanaged
    {
        fixed (T* address = &argument)
            return Ioctl(request, (nint)address);
    }

    /// <summary>Makes a request with a struct of variable length.</summary>
    /// <param name="request">The request's number.</param>
    /// <param name="argument">Its bytes; as many as its own count says.</param>
    /// <returns>The result, or a negative error number.</returns>
    public unsafe int Ioctl(uint request, Span<byte> argument)
    {
        fixed (byte* address = argument)
            return Ioctl(request, (nint)address);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;

    private static DeviceFile? Of(int fd, out int errno)
    {
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new DeviceFile(fd);
    }
}
