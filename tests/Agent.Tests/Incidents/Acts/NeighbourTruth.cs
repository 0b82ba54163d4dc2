namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>What was done to the container that was kept waiting.</summary>
/// <param name="Victim">Its id.</param>
/// <param name="Noisy">The id of who kept it waiting.</param>
/// <param name="Began">When the victim was started.</param>
/// <param name="Entered">When the other one was started.</param>
/// <param name="Left">When the other one was removed.</param>
/// <param name="Usage">CPU time, ns, that the other one had used by some moments of this host's clock.</param>
internal sealed record NeighbourTruth(string Victim, string Noisy, Stamp Began, Stamp Entered, Stamp Left, IReadOnlyList<(long At, long Used)> Usage)
{
    /// <summary>
    /// How long the victim was kept waiting, ns: it always wanted the one CPU that both had, so whenever the other one ran, it waited. No part of the agent tells this.
    /// </summary>
    /// <param name="from">From a moment, ns since the Unix epoch.</param>
    /// <param name="to">To another.</param>
    public double Injected(long from, long to) => UsedBy(to) - UsedBy(from);

    private double UsedBy(long moment)
    {
        var next = 1;
        while (next < Usage.Count - 1 && Usage[next].At < moment)
            next++;
        var (at, used) = Usage[next - 1];
        return used + ((Usage[next].Used - used) * ((double)(moment - at) / (Usage[next].At - at)));
    }
}
