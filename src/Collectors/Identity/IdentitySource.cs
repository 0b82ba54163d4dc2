namespace Observe.Collectors.Identity;

/// <summary>
/// Somebody who knows more of workloads than their cgroup's path tells. May speak before or after the cgroup is seen, and in
/// any order with other sources: the labels come out the same. Thread-safe.
/// </summary>
public sealed class IdentitySource
{
    private readonly WorkloadRegistry registry;
    private readonly Func<WorkloadIdentity, bool> expects;

    internal IdentitySource(WorkloadRegistry registry, IdentityRank rank, Func<WorkloadIdentity, bool> expects)
    {
        this.registry = registry;
        Rank = rank;
        this.expects = expects;
    }

    /// <summary>Whose word this is.</summary>
    public IdentityRank Rank { get; }

    /// <summary>Says all that is known of a subject now, in place of what was said of it before.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="facts">What.</param>
    public void Tell(IdentitySubject subject, IdentityFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        registry.Tell(this, subject, facts);
    }

    /// <summary>The subject is gone. What was said of it stands for as long as a cgroup of it is known, and for a minute in case one is only about to be noticed.</summary>
    /// <param name="subject">Who.</param>
    public void Forget(IdentitySubject subject) => registry.Forget(this, subject);

    internal bool Expects(WorkloadIdentity identity) => expects(identity);
}
