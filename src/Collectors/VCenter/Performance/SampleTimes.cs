namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// When samples were taken, in UTC, by the server's stamps: worked out once for each stamp, so that all that was sampled together
/// has one time, however many requests it came in. Thread-safe.
/// </summary>
/// <param name="clock">The server's clock.</param>
internal sealed class SampleTimes(IVCenterClock clock)
{
    /// <summary>Stamps remembered: hosts that are sampled at moments of their own have their own.</summary>
    private const int Remembered = 16 * RealTime.MaxSamples;

    private readonly Lock gate = new();
    private readonly Dictionary<long, ulong> known = [];

    /// <summary>When it was, ns since the Unix epoch: the middle of the interval in which it must have been.</summary>
    /// <param name="stamp">What the server's clock showed.</param>
    public ulong Of(DateTimeOffset stamp)
    {
        lock (gate)
        {
            if (known.TryGetValue(stamp.UtcTicks, out var time))
                return time;
            if (known.Count == Remembered)
                known.Clear();
            time = (ulong)Math.Max(0, clock.ToUtc(stamp, TimeSpan.Zero).Middle);
            known.Add(stamp.UtcTicks, time);
            return time;
        }
    }

    /// <summary>The server's clock was set: stamps come again, and are other moments.</summary>
    public void Forget()
    {
        lock (gate)
            known.Clear();
    }
}
