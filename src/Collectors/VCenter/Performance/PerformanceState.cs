namespace Observe.Collectors.VCenter.Performance;

/// <summary>How the rounds went so far. Thread-safe.</summary>
internal sealed class PerformanceState
{
    private readonly Lock gate = new();
    private readonly long[] rounds = new long[Enum.GetValues<RoundOutcome>().Length];
    private ComponentStatus? trouble;
    private IReadOnlyList<string> missing = [];

    /// <summary>Rounds that were due while another was under way.</summary>
    public long Skipped { get; private set; }

    /// <summary>How long the last round took; null before it.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>How long after their time samples are there; null if that is not known.</summary>
    public TimeSpan? Lag { get; private set; }

    /// <summary>How old the newest sample of half of the things was at the end of the last round; null if there is none.</summary>
    public TimeSpan? SampleAge { get; private set; }

    /// <summary>How the last round went; null before it.</summary>
    public RoundOutcome? Last { get; private set; }

    /// <summary>Rounds that went so.</summary>
    /// <param name="outcome">How.</param>
    public long Rounds(RoundOutcome outcome)
    {
        lock (gate)
            return rounds[(int)outcome];
    }

    /// <summary>Counters that the server does not have, which is no trouble: what they say is absent.</summary>
    /// <param name="names">Their names.</param>
    public void Lacks(IReadOnlyList<string> names)
    {
        lock (gate)
            missing = names;
    }

    /// <summary>A round has ended.</summary>
    /// <param name="outcome">How it went.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="lag">How long after their time samples are there.</param>
    /// <param name="age">How old the newest sample of half of the things is.</param>
    /// <param name="interval">From one round to the next.</param>
    /// <param name="error">What failed; null if nothing did.</param>
    public void Ended(RoundOutcome outcome, TimeSpan duration, TimeSpan? lag, TimeSpan? age, TimeSpan interval, Exception? error)
    {
        lock (gate)
        {
            rounds[(int)outcome]++;
            Last = outcome;
            Skipped += (long)(duration / interval);
            (Duration, Lag, SampleAge) = (duration, lag, age);
            trouble = outcome == RoundOutcome.Complete ? null : new ComponentStatus(
                "", StatusLevel.Degraded, $"the last round of samples was {(outcome == RoundOutcome.Failed ? "not answered" : "answered in part")}: {error?.Message ?? "it took too long"}",
                (error as VCenterException)?.Remedy ?? "see observe_vcenter_performance_errors_total for what fails; samples are asked for again for an hour");
        }
    }

    /// <summary>As a row.</summary>
    /// <param name="row">Its name.</param>
    public ComponentStatus ToStatus(string row)
    {
        lock (gate)
        {
            if (trouble is not null)
                return trouble with { Component = row };
            if (Duration is null)
                return new ComponentStatus(row, StatusLevel.Absent, "not asked yet");
            var lacks = missing.Count == 0 ? "" : $"; the server does not have {string.Join(", ", missing)}";
            return new ComponentStatus(row, StatusLevel.Ok, $"every sample of {RealTime.Seconds} s, {Lag?.TotalSeconds ?? 0:0} s after its time{lacks}");
        }
    }
}
