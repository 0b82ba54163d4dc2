namespace Observe.Collectors.VCenter.Vim;

/// <summary>What is wanted of the objects of one type.</summary>
/// <param name="Type">The type: <c>VirtualMachine</c>.</param>
/// <param name="Paths">The properties: <c>runtime.host</c>.</param>
internal sealed record PropertySet(string Type, IReadOnlyList<string> Paths);
