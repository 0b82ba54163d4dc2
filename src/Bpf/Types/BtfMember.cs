namespace Observe.Bpf.Types;

/// <summary>A member of a struct or union.</summary>
/// <param name="Name">Its name; empty for an anonymous struct or union.</param>
/// <param name="TypeId">The id of its type.</param>
/// <param name="BitOffset">Bits from the start of the struct.</param>
/// <param name="BitFieldSize">Bits of a bit-field; 0 for an ordinary member.</param>
public readonly record struct BtfMember(string Name, int TypeId, int BitOffset, int BitFieldSize)
{
    /// <summary>Bytes from the start of the struct; of a bit-field, the byte it begins in.</summary>
    public int Offset => BitOffset / 8;
}
