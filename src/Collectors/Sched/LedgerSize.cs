using System.Runtime.CompilerServices;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Sched;

/// <summary>How large the ledger's tables are: bounded, sized from the host, and computable beforehand.</summary>
/// <param name="Cpus">CPUs that can ever be, by highest number.</param>
/// <param name="Slots">Accounts: one a cgroup and <see cref="LedgerWire.SlotFirst"/> fixed ones.</param>
/// <param name="Records">Places for threads, a power of two; those that find theirs taken have a record elsewhere.</param>
internal readonly record struct LedgerSize(int Cpus, int Slots, int Records)
{
    /// <summary>What the cells may take before the number of slots is cut down to <see cref="MinimumSlots"/>.</summary>
    private const long CellBudget = 48L << 20;
    private const int ClockBytes = 112;
    private const int Carries = 4096;
    private const int CarryBytes = 64;

    /// <summary>Bytes of an element of a hash with 8-byte keys and values: 48 of its own (64 with the index) and both.</summary>
    private const int DelayBytes = 72;
    private const int RecordBytes = 128;
    private const int MinimumRecords = 4096;
    private const int MaximumRecords = 32768;
    private const int MinimumSlots = 1024;
    private const int MaximumSlots = 2048;

    /// <summary>Entries for the hooks' clocks: one a throttled group and CPU, the least recently used go first.</summary>
    public const int Clocks = 8192;

    /// <summary>Pairs of slots of which one has made the other wait, at a time: some ninety workloads that all disturb each other.</summary>
    public const int Delays = 8192;

    /// <summary>Bytes of the arrays, which are all but all of the memory.</summary>
    public long ArrayBytes =>
        ((long)Cpus * Slots * Unsafe.SizeOf<LedgerCell>())
        + ((long)Records * RecordBytes)
        + ((long)Cpus * Unsafe.SizeOf<LedgerCpu>())
        + ((long)Slots * (Unsafe.SizeOf<LedgerSlot>() + Unsafe.SizeOf<LedgerSpells>() + Unsafe.SizeOf<StallVictim>()));

    /// <summary>Bytes of all maps. The hooks' clocks are only there on kernels before 6.6; they are counted in.</summary>
    public long Bytes => ArrayBytes + IndexBytes + (Clocks * ClockBytes) + (Carries * CarryBytes) + (Delays * DelayBytes) + RingBytes(new StallOptions().PerSecond);

    /// <summary>Entries of the table for threads whose place is taken, where the kernel has no task storage.</summary>
    public int SpareRecords => Records / 2;

    /// <summary>Bytes of the tables of slots: a hash element takes 64 bytes with its key, value and links, a queue's element 4.</summary>
    public long IndexBytes => (long)Slots * (64 + 16 + 4);

    /// <summary>Bytes of the ring of stalls: room for two seconds of them, looked at four times a second; a power of two.</summary>
    /// <param name="perSecond">Stalls that are told a second.</param>
    public static int RingBytes(int perSecond) => RoundUp(Math.Max(64 << 10, perSecond * 2 * (Unsafe.SizeOf<StallRecord>() + 8)));

    private static int RoundUp(int number) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)number);

    /// <summary>Sizes for a host.</summary>
    /// <param name="cpus">CPUs that can ever be.</param>
    /// <param name="slots">Slots asked for; 0 for automatic.</param>
    /// <param name="tasks">Threads asked for; 0 for automatic.</param>
    /// <param name="threadsMax">The kernel's own bound on threads (<c>kernel.threads-max</c>).</param>
    public static LedgerSize For(int cpus, int slots, int tasks, int threadsMax)
    {
        var automatic = (int)Math.Clamp(CellBudget / ((long)cpus * Unsafe.SizeOf<LedgerCell>()), MinimumSlots, MaximumSlots);
        return new LedgerSize(cpus, slots > 0 ? slots + LedgerWire.SlotFirst : automatic, RoundUp(Math.Clamp(tasks > 0 ? tasks : threadsMax, MinimumRecords, tasks > 0 ? int.MaxValue / 2 : MaximumRecords)));
    }
}
