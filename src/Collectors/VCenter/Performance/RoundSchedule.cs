namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// When the next round is due: as soon after the next samples are taken as the server has them. How long that takes is learned: from
/// what was enough, a second less each round, until it was too little. All on the server's clock.
/// </summary>
/// <param name="interval">From one round to the next: of several samples, if it is longer than one takes.</param>
/// <param name="time">The clock.</param>
internal sealed class RoundSchedule(TimeSpan interval, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>How long it is remembered what was too little.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private TimeSpan tooLittle = -Step;
    private long tooLittleSince;
    private DateTimeOffset newest;
    private bool wasInVain;

    /// <summary>How long after its time a sample is there; null before the first.</summary>
    public TimeSpan? Lag { get; private set; }

    /// <summary>Learns from a round that had all its answers.</summary>
    /// <param name="began">When it began.</param>
    /// <param name="stamp">The newest sample of half of the things; null if none has any.</param>
    public void Learn(DateTimeOffset began, DateTimeOffset? stamp)
    {
        wasInVain = false;
        if (stamp is not { } found)
            return;
        if (Lag is null)
        {
            Lag = Within(began - found);
        }
        else if (found > newest)
        {
            if (time.GetElapsedTime(tooLittleSince) >= Memory)
                tooLittle = -Step;
            if (Lag - Step > tooLittle)
                Lag -= Step;
        }
        else if (Lag < RealTime.Interval)
        {
            (tooLittle, tooLittleSince) = (Lag.Value, time.GetTimestamp());
            Lag += Step + Step;
            wasInVain = true;
        }
        newest = found > newest ? found : newest;
    }

    /// <summary>The server's clock was set.</summary>
    /// <param name="by">Forward.</param>
    public void Shift(TimeSpan by) => newest = newest == default ? default : newest + by;

    /// <summary>How long to wait.</summary>
    /// <param name="now">Now.</param>
    public TimeSpan Wait(DateTimeOffset now)
    {
        if (Lag is not { } lag || newest == default)
            return interval;
        var wait = newest + (wasInVain ? RealTime.Interval : interval) + lag - now;
        // What is overdue for long does not come: the server is asked once an interval all the same.
        while (wait <= TimeSpan.Zero && !wasInVain)
            wait += RealTime.Interval;
        return wait < Step ? Step : wait;
    }

    private static TimeSpan Within(TimeSpan lag) => lag < TimeSpan.Zero ? TimeSpan.Zero : lag > RealTime.Interval ? RealTime.Interval : lag;
}
