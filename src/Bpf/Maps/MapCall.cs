using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>Keeps an object's descriptors valid for the length of a call, also while another thread disposes it.</summary>
internal readonly ref struct MapCall
{
    private readonly BpfObject owner;

    internal MapCall(BpfObject owner)
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
