namespace Observe.Bpf.Types;

/// <summary>A struct or union: its size and members in order.</summary>
/// <param name="Id">The id of the type.</param>
/// <param name="Name">Its tag, or empty.</param>
/// <param name="IsUnion">A union.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Members">The members as declared; anonymous ones are not opened.</param>
public sealed record BtfStruct(int Id, string Name, bool IsUnion, int Size, IReadOnlyList<BtfMember> Members);
