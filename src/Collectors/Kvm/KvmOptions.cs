namespace Observe.Collectors.Kvm;

/// <summary>The virtual machines' options.</summary>
public sealed record KvmOptions
{
    /// <summary>How much is found out. A host without virtual machines pays for none.</summary>
    public KvmTier Tier { get; init; } = KvmTier.Exits;

    /// <summary>Most vCPUs that have an account in the kernel at a time.</summary>
    public int Vcpus { get; init; } = 256;
}
