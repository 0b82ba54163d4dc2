using Observe.Collectors.Traces;

namespace Observe.Agent.Export.Traces;

/// <summary>Hands each span to all who want it.</summary>
/// <param name="sinks">They.</param>
internal sealed class SpanSplit(IReadOnlyList<ISpanSink> sinks) : ISpanSink
{
    /// <inheritdoc/>
    public void Offer(ObservedSpan span)
    {
        foreach (var each in sinks)
            each.Offer(span);
    }
}
