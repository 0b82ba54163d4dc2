using System.Collections.Immutable;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>What a property collector told, and how much it has told since with it.</summary>
/// <param name="From">The version that was asked with.</param>
/// <param name="Version">The version that it leads to.</param>
/// <param name="IsTruncated">Whether there is more.</param>
/// <param name="Updates">By filter.</param>
/// <param name="Told">By filter and object, until which stamp all is told.</param>
internal sealed record FakeAnswer(
    string From, string Version, bool IsTruncated, IReadOnlyList<(ManagedObject Filter, IReadOnlyList<ObjectUpdate> Updates)> Updates,
    ImmutableDictionary<ManagedObject, ImmutableDictionary<FakeObject, long>> Told)
{
    /// <summary>Whether it was asked on from here already: it is truncated, and good for once.</summary>
    public bool IsUsed { get; set; }
}
