using System.Buffers;
using System.Runtime.InteropServices;

namespace Observe.Bpf.Types;

/// <summary>Bytes outside of the managed heap: large, short-lived, and given back at once when disposed.</summary>
internal sealed unsafe class NativeBytes(int length) : MemoryManager<byte>
{
    private byte* memory = (byte*)NativeMemory.Alloc((nuint)length);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        return new Span<byte>(memory, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(memory + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(memory);
        memory = null;
    }
}
