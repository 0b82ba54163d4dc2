namespace Observe.Collectors.VCenter.Vim;

/// <summary>What became of an object since the version before.</summary>
/// <param name="Kind"><c>enter</c>: it is in the filter now, with all its properties; <c>modify</c>; <c>leave</c>: it is not any more.</param>
/// <param name="Object">Which.</param>
/// <param name="Changes">Its properties.</param>
/// <param name="Missing">Properties that could not be read, with the fault's type (<c>NoPermission</c>).</param>
internal sealed record ObjectUpdate(string Kind, ManagedObject Object, IReadOnlyList<PropertyChange> Changes, IReadOnlyList<KeyValuePair<string, string>> Missing);
