using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>The series about stalls in all.</summary>
internal sealed class StallSeries
{
    /// <summary>Makes them.</summary>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    public StallSeries(Resource host, ulong start)
    {
        Counts = [.. StallWire.KindNames.Select(kind => StallWire.OutcomeNames.Select(outcome => new Series(MetricCatalog.Stalls, host, start, [kind, outcome])).ToArray())];
        Seconds = [.. StallWire.KindNames.Select(kind => new Series(MetricCatalog.StallTime, host, start, [kind]))];
        Thresholds = [.. StallWire.KindNames.Select(kind => new Series(MetricCatalog.StallThreshold, host, start, [kind]))];
        Lost = [.. StallWire.LostReasons.Select(reason => new Series(MetricCatalog.Lost, host, start, [reason]))];
    }

    /// <summary>Stalls by <see cref="StallKind"/> and <see cref="StallOutcome"/>.</summary>
    public Series[][] Counts { get; }

    /// <summary>Their lengths by <see cref="StallKind"/>.</summary>
    public Series[] Seconds { get; }

    /// <summary>Thresholds by <see cref="StallKind"/>.</summary>
    public Series[] Thresholds { get; }

    /// <summary>Stalls that were not told, by <see cref="StallOutcome"/>; the first is none of them.</summary>
    public Series[] Lost { get; }
}
