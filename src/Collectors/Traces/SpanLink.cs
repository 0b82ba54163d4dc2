using System.Diagnostics;

namespace Observe.Collectors.Traces;

/// <summary>Another span that this one has to do with, without standing inside it.</summary>
/// <param name="Trace">Its trace.</param>
/// <param name="Span">Its id.</param>
/// <param name="Reason">What it has to do with it: the attribute <c>observe.link.reason</c>.</param>
public readonly record struct SpanLink(ActivityTraceId Trace, ActivitySpanId Span, string Reason)
{
    /// <summary>The two may have happened at the same time; that one lies in the other is not certain.</summary>
    public const string Overlaps = "overlaps";

    /// <summary>What this one says was learnt after the other was exported.</summary>
    public const string Corrects = "corrects";

    /// <summary>The life that this one is of; or the restarts that it came out of.</summary>
    public const string Of = "of";
}
