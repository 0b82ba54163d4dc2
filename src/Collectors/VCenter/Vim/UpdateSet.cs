namespace Observe.Collectors.VCenter.Vim;

/// <summary>What changed between two versions.</summary>
/// <param name="Version">To be named in the next request.</param>
/// <param name="IsTruncated">Whether there is more at once: ask again, and do not ask with this version a second time.</param>
/// <param name="Updates">By object, of all filters of the collector.</param>
internal sealed record UpdateSet(string Version, bool IsTruncated, IReadOnlyList<ObjectUpdate> Updates);
