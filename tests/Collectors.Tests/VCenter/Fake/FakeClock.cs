namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>The server's clock: true time, as the test has it, made wrong.</summary>
/// <param name="time">True time.</param>
internal sealed class FakeClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private TimeSpan offset;
    private double drift;
    private DateTimeOffset since = time.GetUtcNow();

    /// <summary>What it cuts off: a microsecond.</summary>
    public TimeSpan Resolution { get; set; } = TimeSpan.FromMicroseconds(1);

    /// <summary>What it shows now.</summary>
    public DateTimeOffset Now => At(time.GetUtcNow());

    /// <summary>How far it is ahead, at present.</summary>
    public TimeSpan Offset
    {
        get
        {
            lock (gate)
                return OffsetAt(time.GetUtcNow());
        }
    }

    /// <summary>What it shows at a true moment, by the settings of now.</summary>
    public DateTimeOffset At(DateTimeOffset moment)
    {
        lock (gate)
        {
            var shown = moment + OffsetAt(moment);
            return Resolution > TimeSpan.Zero ? new DateTimeOffset(shown.Ticks - (shown.Ticks % Resolution.Ticks), TimeSpan.Zero) : shown;
        }
    }

    /// <summary>Is set: it is ahead by this much from now on.</summary>
    public void Skew(TimeSpan ahead)
    {
        lock (gate)
            (offset, since) = (ahead, time.GetUtcNow());
    }

    /// <summary>Jumps.</summary>
    public void Step(TimeSpan by)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            (offset, since) = (OffsetAt(now) + by, now);
        }
    }

    /// <summary>Runs fast from now on.</summary>
    /// <param name="partsPerMillion">By how much; negative: slow.</param>
    public void Drift(double partsPerMillion)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            (offset, since, drift) = (OffsetAt(now), now, partsPerMillion * 1e-6);
        }
    }

    private TimeSpan OffsetAt(DateTimeOffset moment) => offset + ((moment - since) * drift);
}
