namespace Observe.Telemetry.Model;

/// <summary>What the values of a metric mean, in the terms both dialects share.</summary>
public enum MetricKind
{
    /// <summary>A cumulative sum that never decreases while its start time stands.</summary>
    Counter,

    /// <summary>A value that can go up and down.</summary>
    Gauge,

    /// <summary>A cumulative exponential histogram of durations in seconds, laid out as <see cref="ExponentialLayout"/>.</summary>
    Histogram,

    /// <summary>Facts as labels; the value is always 1.</summary>
    Info,
}
