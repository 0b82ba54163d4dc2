using System.Diagnostics;
using Observe.Telemetry.Time;

namespace Observe.Agent.Live.Recent;

/// <summary>Something that happened not long ago. Does not change: what is learnt later makes another, with the same number.</summary>
/// <param name="Number">Which it is.</param>
/// <param name="Subject">To what.</param>
/// <param name="Source">Who told of it: a source of the timeline; <c>spans</c> for what several events together say.</param>
/// <param name="Name">What: <c>stall.wait</c>, <c>container.start</c>, <c>vcenter.vm.migrate</c>.</param>
/// <param name="Begin">Since when.</param>
/// <param name="End">Until when; of a moment the same.</param>
/// <param name="Attributes">More of it, under OpenTelemetry attribute names.</param>
public sealed record RecentEvent(
    long Number, LiveSubject Subject, string Source, string Name, UtcInterval Begin, UtcInterval End, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    /// <summary>The number of the last change of it: its own, unless something was learnt later.</summary>
    public long Changed { get; init; } = Number;

    /// <summary>When the agent was told of it, as a timestamp of its clock.</summary>
    public long ToldAt { get; init; }

    /// <summary>Whether it took time: then <see cref="Begin"/> and <see cref="End"/> are two moments.</summary>
    public bool HasLength { get; init; }

    /// <summary>Whether something later was told before it.</summary>
    public bool IsLate { get; init; }

    /// <summary>What it is as a stall; null if it is none.</summary>
    public RecentStall? Stall { get; init; }

    /// <summary>What went wrong; null if nothing, or it is not known.</summary>
    public string? Problem { get; init; }

    /// <summary>The trace that its span is in; default if there is none yet.</summary>
    public ActivityTraceId Trace { get; init; }

    /// <summary>Its span; default if there is none yet.</summary>
    public ActivitySpanId Span { get; init; }
}
