namespace Observe.Bpf.Types;

/// <summary>A section of global variables.</summary>
/// <param name="Name">For example <c>.rodata</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Variables">Its variables.</param>
public sealed record BtfSection(string Name, int Size, IReadOnlyList<BtfVariable> Variables);
