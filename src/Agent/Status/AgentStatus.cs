using Observe.Agent.Export;
using Observe.Collectors;
using Observe.Collectors.Running;

namespace Observe.Agent.Status;

/// <summary>How the agent fares, from what its parts say of themselves.</summary>
/// <param name="runner">Who knows the collectors.</param>
/// <param name="collection">Who knows whether collecting goes on.</param>
/// <param name="stuckAfter">How long a collection may take before it counts as stuck: more than its timeout allows.</param>
public sealed class AgentStatus(CollectorRunner runner, SharedCollection collection, TimeSpan stuckAfter)
{
    /// <summary>Why the process should be restarted; null if it is healthy.</summary>
    public string? WhyUnhealthy => collection.RunningFor > stuckAfter
        // Without its age: the same trouble must read the same at every look, or it would be logged each time.
        ? $"a collection has been running for more than {stuckAfter.TotalSeconds:0.###} s and should have been cut off by then"
        : null;

    /// <summary>
    /// Every part, and whether the agent is ready: it has collected once and no part has failed. Degraded parts leave it ready:
    /// the rest goes on.
    /// </summary>
    public StatusReport Report()
    {
        var components = runner.Status.Prepend(Collecting()).ToList();
        return new StatusReport(components.TrueForAll(each => each.Level != StatusLevel.Failed), AgentVersion.Number, components);
    }

    private ComponentStatus Collecting()
    {
        if (WhyUnhealthy is { } stuck)
            return new ComponentStatus("collection", StatusLevel.Failed, stuck, "restart the agent; report this as a bug");
        return collection.Collections == 0
            ? new ComponentStatus("collection", StatusLevel.Failed, "the first collection has not ended yet", "wait; it takes at most collectors.timeout")
            : new ComponentStatus("collection", StatusLevel.Ok, "running");
    }
}
