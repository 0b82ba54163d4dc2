using System.Diagnostics;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Containers;

/// <summary>One life of a container: from a start to an end.</summary>
/// <param name="series">Which starts it is one of.</param>
/// <param name="number">Which of them, from 1.</param>
/// <param name="began">When it was started.</param>
/// <param name="startedAt">The same on the clock of whoever holds it.</param>
internal sealed class ContainerRun(ContainerSeries series, int number, UtcInterval began, TimeSpan startedAt)
{
    private readonly List<(string Status, Extent Extent)> health = [];
    private (string Status, UtcInterval Since)? open;

    /// <summary>Times of bad health that are told of one life: the rest are left out.</summary>
    private const int MostHealth = 64;

    /// <summary>Which starts it is one of.</summary>
    public ContainerSeries Series { get; } = series;

    /// <summary>Which of them, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>When it was started, on the clock of whoever holds it.</summary>
    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>When it was started.</summary>
    public UtcInterval Began { get; } = began;

    /// <summary>Its span.</summary>
    public ActivitySpanId Span { get; } = series.SpanOf("life", number);

    /// <summary>From its beginning to the last that is known of it.</summary>
    public Extent Extent { get; private set; } = Extent.Of(began);

    /// <summary>When it was created, if it was started soon after.</summary>
    public UtcInterval? Created { get; private set; }

    /// <summary>What it ended with; null while it has not, or if that was not told.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether its end was not told.</summary>
    public bool IsEndUnknown { get; private set; }

    /// <summary>Whether somebody wanted it to end.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Kills for want of memory.</summary>
    public int OomKills { get; private set; }

    /// <summary>Whether it has been exported, or is about to be.</summary>
    public bool IsExported { get; set; }

    /// <summary>Whether parts of it have been exported: then it stands in its own trace, and nowhere else.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>Whether it ended as it should not.</summary>
    public bool IsError => OomKills > 0 || (!IsStopped && ExitCode is not (null or 0));

    /// <summary>Times of bad health that have been exported.</summary>
    public int HealthTold { get; set; }

    /// <summary>Times in which it was not healthy, and that are over; told once.</summary>
    public IReadOnlyList<(string Status, Extent Extent)> TakeHealth()
    {
        (string, Extent)[] taken = [.. health];
        health.Clear();
        return taken;
    }

    /// <summary>It was created.</summary>
    /// <param name="when">When.</param>
    public void CreatedAt(UtcInterval when)
    {
        Created = when;
        Extent = Extent.With(when);
    }

    /// <summary>Its health checks found it otherwise than before.</summary>
    /// <param name="status"><c>starting</c>, <c>healthy</c> or <c>unhealthy</c>.</param>
    /// <param name="when">When.</param>
    public void Found(string status, UtcInterval when)
    {
        Extent = Extent.With(when);
        // Without a word the first check's result is the end of starting.
        var before = open ?? (status == "starting" ? null : ("starting", Began));
        Close(before, when);
        open = (status, when);
    }

    /// <summary>The kernel killed in it for want of memory.</summary>
    /// <param name="when">When.</param>
    public void Killed(UtcInterval when)
    {
        OomKills++;
        if (!IsOver)
            Extent = Extent.With(when);
    }

    /// <summary>It ended.</summary>
    /// <param name="when">When.</param>
    /// <param name="code">With what; null: not told.</param>
    public void End(UtcInterval when, int? code)
    {
        Extent = Extent.With(when);
        ExitCode = code;
        IsOver = true;
        Close(open, when);
        open = null;
    }

    /// <summary>It must have ended: it was started again.</summary>
    public void Lose()
    {
        IsOver = true;
        IsEndUnknown = true;
    }

    private void Close((string Status, UtcInterval Since)? spell, UtcInterval when)
    {
        if (spell is { Status: not "healthy" } found && health.Count < MostHealth)
            health.Add((found.Status, Extent.Of(found.Since).With(when)));
    }
}
