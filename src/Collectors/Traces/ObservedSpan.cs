using System.Diagnostics;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces;

/// <summary>Something with a beginning and an end, as it is exported. Does not change any more.</summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Trace">Its trace.</param>
/// <param name="Id">Its id.</param>
/// <param name="Parent">What it stands inside of; default: nothing.</param>
/// <param name="Begin">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Attributes">More of it: strings, numbers, truth values, or arrays of them.</param>
public sealed record ObservedSpan(
    SpanDescriptor Descriptor, ActivityTraceId Trace, ActivitySpanId Id, ActivitySpanId Parent, UtcInterval Begin, UtcInterval End,
    IReadOnlyList<KeyValuePair<string, object>> Attributes)
{
    /// <summary>ns in a tick: what the SDK's times are counted in.</summary>
    private const long Tick = 100;

    /// <summary>Most characters of a problem.</summary>
    private const int LongestProblem = 1024;

    /// <summary>Other spans that it has to do with.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    /// <summary>Whether it went wrong.</summary>
    public bool IsError { get; init; }

    /// <summary>What went wrong, for people; null if nothing, or it is not known.</summary>
    public string? Problem
    {
        get;
        init => field = value?.Length > LongestProblem ? value[..LongestProblem] : value;
    }

    /// <summary>The moment that it is shown to begin at, in units of 100 ns since the Unix epoch.</summary>
    public long BeginTicks => Floor(Begin.Middle);

    /// <summary>
    /// The moment that it is shown to end at, in units of 100 ns since the Unix epoch. One is added to all alike: the SDK has no spans
    /// without length, and one that it lengthens would stick out of what it is in.
    /// </summary>
    public long EndTicks => Math.Max(BeginTicks, Floor(End.Middle)) + 1;

    private static long Floor(long nanoseconds) => (nanoseconds - (((nanoseconds % Tick) + Tick) % Tick)) / Tick;
}
