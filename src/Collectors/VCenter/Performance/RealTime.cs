namespace Observe.Collectors.VCenter.Performance;

/// <summary>How vSphere samples in real time.</summary>
internal static class RealTime
{
    /// <summary>From one sample to the next, in seconds: also the id of the interval.</summary>
    public const int Seconds = 20;

    /// <summary>Samples that are kept, at most.</summary>
    public const int MaxSamples = 180;

    /// <summary>The same in ticks of 100 ns.</summary>
    public const long Ticks = Seconds * TimeSpan.TicksPerSecond;

    /// <summary>From one sample to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(Seconds);

    /// <summary>How long hosts keep them.</summary>
    public static readonly TimeSpan Kept = Interval * MaxSamples;
}
