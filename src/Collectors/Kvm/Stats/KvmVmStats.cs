namespace Observe.Collectors.Kvm.Stats;

/// <summary>What KVM has counted of one virtual machine. Filled by a <see cref="KvmStatsSource"/>, again and again.</summary>
/// <param name="vm">Which.</param>
internal sealed class KvmVmStats(VmHandle vm)
{
    private readonly List<KvmVcpuStats> vcpus = [];
    private KvmCounters total;

    // What vCPUs had counted that are gone: what all have counted never decreases.
    private KvmCounters past;

    /// <summary>Which.</summary>
    internal VmHandle Vm { get; } = vm;

    /// <summary>Where the last reading came from; <see cref="KvmStatsOrigin.None"/> if there was none, and then the counts are of an earlier one.</summary>
    internal KvmStatsOrigin Origin { get; set; }

    /// <summary>Where it came from and why not from elsewhere, in words.</summary>
    internal string Explanation { get; set; } = "not read yet";

    /// <summary>All vCPUs together.</summary>
    internal ref readonly KvmCounters Total => ref total;

    /// <summary>By vCPU; empty where they cannot be told apart.</summary>
    internal IReadOnlyList<KvmVcpuStats> Vcpus => vcpus;

    /// <summary>Begins a reading by vCPU.</summary>
    internal void BeginVcpus()
    {
        foreach (var vcpu in vcpus)
            vcpu.IsSeen = false;
    }

    /// <summary>A vCPU, in a reading by vCPU.</summary>
    /// <param name="number">KVM's number of it.</param>
    /// <returns>Its counts, emptied.</returns>
    internal ref KvmCounters Vcpu(int number)
    {
        KvmVcpuStats? found = null;
        foreach (var vcpu in vcpus)
        {
            if (vcpu.Number == number)
                found = vcpu;
        }
        if (found is null)
            vcpus.Add(found = new KvmVcpuStats(number));
        found.IsSeen = true;
        found.Counters = default;
        return ref found.Counters;
    }

    /// <summary>Ends a reading by vCPU: those that were not met are gone.</summary>
    internal void EndVcpus()
    {
        for (var i = vcpus.Count - 1; i >= 0; i--)
        {
            if (vcpus[i].IsSeen)
                continue;
            past.Add(vcpus[i].Counters);
            vcpus.RemoveAt(i);
        }
        total = past;
        foreach (var vcpu in vcpus)
            total.Add(vcpu.Counters);
    }

    /// <summary>Takes over a reading of all vCPUs together.</summary>
    /// <param name="counters">What KVM says.</param>
    internal void SetTotal(in KvmCounters counters)
    {
        vcpus.Clear();
        total = counters;
    }
}
