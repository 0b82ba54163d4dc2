namespace Observe.Collectors.Identity;

/// <summary>What is known of one subject, by whom, and whose labels it goes into. Guarded by the registry's lock.</summary>
internal sealed class IdentityRecord
{
    private static readonly int Ranks = Enum.GetValues<IdentityRank>().Length;
    private readonly IdentityFacts?[] facts = new IdentityFacts?[Ranks];
    private readonly bool[] stands = new bool[Ranks];

    /// <summary>Labels that the facts go into, of live cgroups.</summary>
    public List<WorkloadLabels> Listeners { get; } = [];

    /// <summary>The labels of all lives of the subject itself; null until there was one, or somebody asked.</summary>
    public WorkloadLabels? Shared { get; set; }

    /// <summary>When the last source forgot it, as a timestamp of the clock.</summary>
    public long ForgottenAt { get; private set; }

    /// <summary>Whether a source says that it is there.</summary>
    public bool IsTold => Array.IndexOf(stands, true) >= 0;

    /// <summary>What a source said, also if it has forgotten it since; null if nothing.</summary>
    /// <param name="rank">Which source.</param>
    public IdentityFacts? this[IdentityRank rank] => facts[(int)rank];

    /// <summary>Replaces what a source said.</summary>
    /// <param name="rank">Which source.</param>
    /// <param name="known">What it says.</param>
    public void Tell(IdentityRank rank, IdentityFacts known)
    {
        facts[(int)rank] = known;
        stands[(int)rank] = true;
    }

    /// <summary>A source no longer knows it.</summary>
    /// <param name="rank">Which source.</param>
    /// <param name="now">A timestamp of the clock.</param>
    /// <returns>Whether it did before.</returns>
    public bool Forget(IdentityRank rank, long now)
    {
        var stood = stands[(int)rank];
        stands[(int)rank] = false;
        ForgottenAt = now;
        return stood;
    }
}
