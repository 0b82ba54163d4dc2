using System.Runtime.InteropServices;

namespace Observe.Bpf.Interop;

/// <summary>
/// <c>struct bpf_object_open_opts</c> up to <c>btf_custom_path</c> (libbpf 0.6). libbpf reads as many bytes as
/// <see cref="Size"/> says.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfObjectOpenOptions
{
    public nuint Size;
    public byte* ObjectName;
    public byte RelaxedMaps;
    public byte* PinRootPath;
    public uint Removed;
    public byte* KConfig;
    public byte* BtfCustomPath;
}
