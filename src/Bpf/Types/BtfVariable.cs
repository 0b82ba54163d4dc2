namespace Observe.Bpf.Types;

/// <summary>A global variable.</summary>
/// <param name="Name">Its C name.</param>
/// <param name="TypeId">The id of its type.</param>
/// <param name="Offset">Bytes from the start of its section.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsStatic">Visible to its source file only.</param>
public sealed record BtfVariable(string Name, int TypeId, int Offset, int Size, bool IsStatic);
