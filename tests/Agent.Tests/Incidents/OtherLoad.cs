using Observe.Agent.Tests.Incidents.Payload;

namespace Observe.Agent.Tests.Incidents;

/// <summary>Whether others had so much of the machine during the incident that the agent, by its own word, could not tell all of it.</summary>
internal static class OtherLoad
{
    /// <summary>Turns of a CPU that the agent remembers, and with them who ran; a wait that is longer than they are is put down to nobody.</summary>
    private const int Remembered = 128;

    /// <summary>What it says.</summary>
    /// <param name="payload">What was pushed.</param>
    /// <param name="truth">What was done.</param>
    /// <returns>What there was too much of; null if nothing.</returns>
    public static string? Of(ExportedPayload payload, IncidentTruth truth)
    {
        foreach (var reason in (string[])["stalls_below_raised_threshold", "stalls_over_host_rate", "stalls_ring_full"])
        {
            if (payload.Series.SingleOrDefault(each => each.Metric == "observe.lost" && each.Attributes["reason"] == reason) is { } lost && lost.Points[^1].AsDouble > 0)
                return $"{lost.Points[^1].AsDouble} stalls were left out ({reason})";
        }
        var (from, to) = (truth.Neighbour.Entered.After, truth.Neighbour.Left.Before);
        var switches = payload.Series.Where(each => each.Metric == "observe.context_switches").Sum(each =>
        {
            var points = each.Points.Where(point => (long)point.TimeUnixNano >= from && (long)point.TimeUnixNano <= to).ToList();
            return points.Count < 2 ? 0 : points[^1].AsDouble - points[0].AsDouble;
        });
        var longest = payload.Of(truth.Neighbour.Victim, "stall.wait").Where(each => each.Begin >= from && each.End <= to).Max(each => each.Double("observe.stall.duration")) ?? 0;
        // Of all CPUs, and so more than those of the victim's.
        var during = switches / ((to - from) / 1e9) * longest;
        return during > Remembered ? $"{during:0} switches while the victim waited for {longest:0.000} s" : null;
    }
}
