namespace Observe.Collectors.VCenter.Vim;

/// <summary>A change of a property.</summary>
/// <param name="Path">Which: <c>runtime.host</c>; of an element of a list, <c>snapshot.rootSnapshotList["snapshot-1"]</c>.</param>
/// <param name="Operation"><c>assign</c>, <c>add</c>, <c>remove</c>, <c>indirectRemove</c>.</param>
/// <param name="Value">What it is now; null if it is unset.</param>
internal sealed record PropertyChange(string Path, string Operation, VimValue? Value);
