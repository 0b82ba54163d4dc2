namespace Observe.Collectors.Traces;

/// <summary>Where spans go that are over.</summary>
public interface ISpanSink
{
    /// <summary>Takes one. Never blocks: what finds no room is counted.</summary>
    /// <param name="span">The span.</param>
    void Offer(ObservedSpan span);
}
