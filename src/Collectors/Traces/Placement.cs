using System.Diagnostics;

namespace Observe.Collectors.Traces;

/// <summary>Where a span of something on this host stands: inside an operation, or by itself.</summary>
/// <param name="Trace">The operation's trace; default: its own.</param>
/// <param name="Parent">The operation's span; default: none.</param>
/// <param name="Links">Operations that it may have to do with.</param>
/// <param name="IsMigrated">Whether it stands in a migration of this host's own virtual machine.</param>
/// <param name="Around">When the operation was.</param>
internal readonly record struct Placement(ActivityTraceId Trace, ActivitySpanId Parent, IReadOnlyList<SpanLink> Links, bool IsMigrated, Extent Around = default)
{
    /// <summary>By itself, and nothing to do with any operation.</summary>
    public static Placement Alone { get; } = new(default, default, [], false);

    /// <summary>Whether it stands inside an operation.</summary>
    public bool IsInside => Parent != default;

    /// <summary>When something was that stands here: what is known of the operation's times, is known of its times too, so that its bounds are within the operation's.</summary>
    /// <param name="extent">When it was, as far as it was known by itself.</param>
    public Extent Within(Extent extent) => IsInside ? extent.Within(Around) : extent;
}
