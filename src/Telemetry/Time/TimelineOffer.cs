namespace Observe.Telemetry.Time;

/// <summary>What became of an event that was offered to a <see cref="Timeline{T}"/>.</summary>
public enum TimelineOffer
{
    /// <summary>It was taken in.</summary>
    Accepted,

    /// <summary>It had come before, and was left out.</summary>
    Known,

    /// <summary>There is no room for it now.</summary>
    Full,
}
