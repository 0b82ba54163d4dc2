using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Live;

/// <summary>Says what the page cannot show, and why.</summary>
/// <param name="options">What is switched on.</param>
public sealed class LiveNotes(ObserveOptions options)
{
    /// <summary>All that applies.</summary>
    /// <param name="look">What is known.</param>
    public IReadOnlyList<string> Of(LiveLook look)
    {
        ArgumentNullException.ThrowIfNull(look);
        List<string> notes = [];
        if (!options.Collectors.Sched.Enabled)
            notes.Add("The ledger is switched off (collectors.sched.enabled: false): where time goes is not known, and no stalls are told.");
        else if (look.Interval.EndUnixNano != 0 && look.Interval.Rows.Count == 0)
            notes.Add("No workload has an account: the ledger does not run. Below, under the agent's parts, is why.");
        if (options.Collectors.Sched.Enabled && !options.Stalls.Enabled)
            notes.Add("Stalls are not watched (traces.stalls: false): on the timeline is only what others tell of.");
        if (look.Interval.EndUnixNano == 0)
            notes.Add("The collection takes longer than one looks at a page for; where time goes is shown once it has ended.");
        return notes;
    }
}
