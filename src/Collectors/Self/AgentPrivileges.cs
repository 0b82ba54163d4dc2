using Observe.Bpf.Host;

namespace Observe.Collectors.Self;

/// <summary>
/// The capabilities of the agent: whether they are to be given up once nothing is left that takes them, and what became of it.
/// </summary>
/// <param name="wanted">Whether they are to be given up.</param>
/// <param name="needed">What is kept all the same, as far as it is there: what the configuration needs later, too.</param>
/// <param name="keepOnly">Gives up all others within a time, and says what went wrong; the process's own if not given.</param>
public sealed class AgentPrivileges(bool wanted, CapabilitySet needed, Func<CapabilitySet, TimeSpan, string?>? keepOnly = null)
{
    /// <summary>How long it may take: threads do it when they next run, and those of the agent are rarely kept from that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private volatile string? failure;
    private volatile string? waiting;
    private volatile bool givenUp;

    /// <summary>Whether they are to be given up.</summary>
    public bool AreToBeGivenUp => wanted;

    /// <summary>Whether they have been: what is not attached by now cannot be, until the agent is started again.</summary>
    public bool AreGivenUp => givenUp;

    /// <summary>What the threads of the agent have, now.</summary>
    public ComponentStatus Status
    {
        get
        {
            const string Component = "privileges";
            CapabilitySet held;
            int threads;
            try
            {
                (held, threads) = Capabilities.OfAllThreads();
            }
            catch (IOException error)
            {
                return new(Component, StatusLevel.Degraded, $"what the agent's threads may do cannot be read: {error.Message}", "mount the process file system");
            }
            if (failure is { } why)
                return new(Component, StatusLevel.Degraded, $"not given up: {why}; held: {held}", "restart the agent; report this as a bug");
            if (givenUp)
                return new(Component, StatusLevel.Ok, $"given up by all {threads} threads; held: {held}");
            var until = !wanted ? "privileges.drop is never" : waiting is { } what ? $"until {what} is attached" : "until everything is attached";
            return new(Component, StatusLevel.Ok, $"capabilities held: {held}; {until}");
        }
    }

    /// <summary>Says what keeps them from being given up.</summary>
    /// <param name="collectors">Names of the collectors that have something to attach.</param>
    public void WaitFor(IEnumerable<string> collectors) => waiting = string.Join(", ", collectors);

    /// <summary>Gives them up, in all threads and for good.</summary>
    /// <returns>Null if that is done; else why not. It may be tried again.</returns>
    public string? GiveUp()
    {
        failure = (keepOnly ?? Capabilities.KeepOnly)(Kept(), Patience);
        // Even if a thread is left: most have none any more, and nobody knows which one would load a program.
        givenUp = true;
        return failure;
    }

    /// <summary>What is needed from now on.</summary>
    private CapabilitySet Kept()
    {
        if (!Capabilities.AreNeededForOpenMaps())
            return needed;
        var permitted = Capabilities.Permitted;
        return new(needed.Bits | CapabilitySet.Of(permitted.Has(Capability.Bpf) ? Capability.Bpf : Capability.SysAdmin).Bits);
    }
}
