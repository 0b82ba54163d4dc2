namespace Observe.Bpf.Host;

/// <summary>A set of capabilities.</summary>
/// <param name="Bits">Bit n is capability n.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>Whether the capability is in the set.</summary>
    /// <param name="capability">Which one.</param>
    public bool Has(Capability capability) => (Bits >> (int)capability & 1) != 0;
}
