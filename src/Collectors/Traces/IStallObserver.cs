using System.Diagnostics;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;

namespace Observe.Collectors.Traces;

/// <summary>Who wants to know what was decided about a stall: why it was, and which span tells of it.</summary>
public interface IStallObserver
{
    /// <summary>A stall's place is decided, and its span is about to be exported. Called by one thread at a time; must not block.</summary>
    /// <param name="stall">The stall.</param>
    /// <param name="verdict">Why it was.</param>
    /// <param name="trace">The trace that its span is in.</param>
    /// <param name="span">Its span.</param>
    void Decided(Stall stall, Verdict verdict, ActivityTraceId trace, ActivitySpanId span);
}
