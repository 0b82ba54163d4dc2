using System.Diagnostics;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Traces;

/// <summary>Who wants to know which span tells of a stall: an exemplar points at it.</summary>
public interface IStallObserver
{
    /// <summary>A stall's place is decided, and its span is about to be exported. Called by one thread at a time; must not block.</summary>
    /// <param name="stall">The stall.</param>
    /// <param name="trace">The trace that its span is in.</param>
    /// <param name="span">Its span.</param>
    void Decided(Stall stall, ActivityTraceId trace, ActivitySpanId span);
}
