namespace Observe.Bpf;

/// <summary>Kinds of map (<c>enum bpf_map_type</c>) that this layer knows by name; others keep their number.</summary>
public enum BpfMapType
{
    /// <summary>Not set.</summary>
    Unspecified = 0,

    /// <summary>Hash table.</summary>
    Hash = 1,

    /// <summary>Array, indexed by a u32.</summary>
    Array = 2,

    /// <summary>Perf event buffers.</summary>
    PerfEventArray = 4,

    /// <summary>Hash table with a value for each CPU.</summary>
    PerCpuHash = 5,

    /// <summary>Array with a value for each CPU.</summary>
    PerCpuArray = 6,

    /// <summary>Hash table that evicts the least recently used.</summary>
    LruHash = 9,

    /// <summary><see cref="LruHash"/> with a value for each CPU.</summary>
    LruPerCpuHash = 10,

    /// <summary>Array of maps.</summary>
    ArrayOfMaps = 12,

    /// <summary>Hash table of maps.</summary>
    HashOfMaps = 13,

    /// <summary>First in, first out.</summary>
    Queue = 22,

    /// <summary>Last in, first out.</summary>
    Stack = 23,

    /// <summary>Ring buffer shared by all CPUs. Linux 5.8.</summary>
    RingBuffer = 27,

    /// <summary>Values attached to tasks. Linux 5.11.</summary>
    TaskStorage = 29,

    /// <summary>Values attached to cgroups. Linux 6.2.</summary>
    CgroupStorage = 32,
}
