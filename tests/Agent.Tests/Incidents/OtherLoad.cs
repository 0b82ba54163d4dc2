using Observe.Agent.Tests.Incidents.Payload;
using OpenTelemetry.Proto.Metrics.V1;

namespace Observe.Agent.Tests.Incidents;

/// <summary>Whether others had so much of the machine during the incident that the agent, by its own word, could not tell all of it.</summary>
internal static class OtherLoad
{
    /// <summary>Turns of a CPU that the agent remembers, and with them who ran; a wait that is longer than they are is put down to nobody.</summary>
    private const int Remembered = 128;

    /// <summary>What it says.</summary>
    /// <param name="payload">What was pushed.</param>
    /// <param name="truth">What was done.</param>
    /// <param name="kind">What sort of stall is asked about.</param>
    /// <returns>What there was too much of; null if nothing.</returns>
    public static string? Of(ExportedPayload payload, IncidentTruth truth, string kind)
    {
        if (truth.IsShielded)
            return null;
        foreach (var outcome in (string[])["threshold_raised", "host_rate", "ring_full", .. kind == "stopped" ? ["workload_rate"] : Array.Empty<string>()])
        {
            var left = payload.Series.Single(each => each.Metric == "observe.stalls" && each.Attributes["kind"] == kind && each.Attributes["outcome"] == outcome).Points[^1];
            if ((left.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? left.AsInt : left.AsDouble) > 0)
                return $"stalls were left out ({kind}, {outcome})";
        }
        if (kind != "wait")
            return null;
        var (from, to) = (truth.Neighbour.Resumed.After, truth.Neighbour.Left.Before);
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
