using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Live;

/// <summary>How well a source's clock is known.</summary>
/// <param name="Source">The source: <c>host</c>, or a vCenter.</param>
/// <param name="Offset">Its clock less UTC as this host knows it, seconds; null if unknown.</param>
/// <param name="Error">How far times from it may be from UTC, seconds; null if unknown.</param>
/// <param name="Steps">Times that it was set; null if unknown.</param>
public sealed record ClockQuality(string Source, double? Offset, double? Error, double? Steps)
{
    /// <summary>All sources of a snapshot.</summary>
    /// <param name="snapshot">What was collected.</param>
    public static IReadOnlyList<ClockQuality> Of(MetricSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        SortedDictionary<string, ClockQuality> sources = new(StringComparer.Ordinal);
        foreach (var family in snapshot.Families)
        {
            foreach (ref readonly var point in family.Points)
            {
                if (ReferenceEquals(family.Metric, MetricCatalog.ClockOffset))
                    sources[Name(point)] = Get(point) with { Offset = point.Value };
                else if (ReferenceEquals(family.Metric, MetricCatalog.ClockError))
                    sources[Name(point)] = Get(point) with { Error = point.Value };
                else if (ReferenceEquals(family.Metric, MetricCatalog.ClockSteps))
                    sources[Name(point)] = Get(point) with { Steps = point.Value };
                else
                    break;
            }
        }
        return [.. sources.Values];

        static string Name(in Point point) => point.Series.Labels[^1].Value;
        ClockQuality Get(in Point point) => sources.GetValueOrDefault(Name(point)) ?? new ClockQuality(Name(point), null, null, null);
    }
}
