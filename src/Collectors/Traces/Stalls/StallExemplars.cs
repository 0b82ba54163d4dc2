using System.Buffers.Binary;
using System.Diagnostics;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;

namespace Observe.Collectors.Traces.Stalls;

/// <summary>Makes an exemplar of each stall's span.</summary>
/// <param name="store">Where exemplars go.</param>
public sealed class StallExemplars(ExemplarStore store) : IStallObserver
{
    /// <inheritdoc/>
    public void Decided(Stall stall, Verdict verdict, ActivityTraceId trace, ActivitySpanId span)
    {
        Span<byte> bytes = stackalloc byte[16];
        trace.CopyTo(bytes);
        var traceId = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        // It fills all of what it is given.
        span.CopyTo(bytes[..sizeof(ulong)]);
        store.Offer(stall, traceId, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
