namespace Observe.Collectors.Kvm.Stats;

/// <summary>What KVM has counted of one vCPU.</summary>
/// <param name="number">KVM's number of it.</param>
internal sealed class KvmVcpuStats(int number)
{
    private KvmCounters counters;

    /// <summary>KVM's number of it.</summary>
    internal int Number { get; } = number;

    /// <summary>Its counts, since it was made.</summary>
    internal ref KvmCounters Counters => ref counters;

    /// <summary>Whether it was met in the reading that is under way.</summary>
    internal bool IsSeen { get; set; }
}
