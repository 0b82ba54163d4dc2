using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>Keeps a handle, and the descriptors it stands for, valid for a call while another thread may dispose it.</summary>
internal readonly ref struct MapCall
{
    private readonly SafeHandle owner;

    internal MapCall(SafeHandle owner)
    {
        this.owner = owner;
        var added = false;
        owner.DangerousAddRef(ref added);
    }

    public void Dispose() => owner.DangerousRelease();

    /// <summary>Whether a kernel without the command or the feature answered.</summary>
    internal static bool IsUnsupported(int result) =>
        result is -Errno.EINVAL or -Errno.EOPNOTSUPP or -Errno.ENOTSUPP or -Errno.ENOSYS;
}
