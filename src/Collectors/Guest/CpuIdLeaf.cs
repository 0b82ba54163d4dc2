using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Observe.Collectors.Guest;

/// <summary>One leaf of CPUID.</summary>
/// <param name="Eax">EAX.</param>
/// <param name="Ebx">EBX.</param>
/// <param name="Ecx">ECX.</param>
/// <param name="Edx">EDX.</param>
public readonly record struct CpuIdLeaf(uint Eax, uint Ebx, uint Ecx, uint Edx)
{
    /// <summary>Reads this processor's leaves; null where it is not x86.</summary>
    public static Func<uint, CpuIdLeaf>? Reader => X86Base.IsSupported ? Read : null;

    /// <summary>The twelve characters in EBX, ECX and EDX, without what fills them up.</summary>
    public string Signature
    {
        get
        {
            Span<byte> text = stackalloc byte[12];
            BinaryPrimitives.WriteUInt32LittleEndian(text, Ebx);
            BinaryPrimitives.WriteUInt32LittleEndian(text[4..], Ecx);
            BinaryPrimitives.WriteUInt32LittleEndian(text[8..], Edx);
            return Encoding.ASCII.GetString(text).TrimEnd('\0');
        }
    }

    private static CpuIdLeaf Read(uint leaf)
    {
        var (eax, ebx, ecx, edx) = X86Base.CpuId((int)leaf, 0);
        return new CpuIdLeaf((uint)eax, (uint)ebx, (uint)ecx, (uint)edx);
    }
}
