using Observe.Bpf;
using Observe.Bpf.Host;
using Observe.Bpf.Maps;
using Observe.Bpf.Types;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Sched;

/// <summary>
/// The ledger in the kernel: loaded, attached, seeded, and mapped into our memory. Disposing leaves nothing behind.
/// </summary>
internal sealed class Ledger : IDisposable
{
    /// <summary>The object file's name, beside the binary in <c>bpf/</c>.</summary>
    public const string ObjectName = "ledger";

    private readonly BpfObject kernel;
    private readonly List<BpfLink> links = [];
    private readonly BpfLink seed;
    private readonly BpfLink open;

    private Ledger(BpfObject kernel, LedgerPlan plan, KernelTraits traits, LedgerSize size, StallOptions stalls)
    {
        this.kernel = kernel;
        Plan = plan;
        Traits = traits;
        Size = size;
        Stalls = stalls;
        Globals = new MappedGlobals(kernel, writable: true);
        Cells = new MappedArray<LedgerCell>(kernel.Map("cells"), writable: true);
        Cpus = new MappedArray<LedgerCpu>(kernel.Map("cpus"));
        Slots = new MappedArray<LedgerSlot>(kernel.Map("slots"), writable: true);
        Spells = new MappedArray<LedgerSpells>(kernel.Map("spells"), writable: true);
        WaitCarries = new BpfHash<uint, ulong>(kernel.Map("wait_carries"));
        SlotByCgroup = new BpfHash<ulong, uint>(kernel.Map("slot_by_cgroup"));
        FreeSlots = new BpfQueue<uint>(kernel.Map("free_slots"));
        Delays = new BpfHash<ulong, ulong>(kernel.Map("delays"));
        Victims = new MappedArray<StallVictim>(kernel.Map("victims"), writable: true);
        Limits = new MappedArray<StallLimits>(kernel.Map("stall_limits"), writable: true);
        StallLimiter.Set(ref Limits.Writable(0), stalls);
        Victims.WritableSpan.Fill(StallLimiter.NewVictim(stalls));
        for (var slot = (uint)LedgerWire.SlotFirst; slot < size.Slots; slot++)
            FreeSlots.TryPush(slot);

        BpfLink? seeding = null, opening = null;
        foreach (var program in kernel.Programs.Where(program => plan.Uses(program.Name)))
        {
            var link = program.Attach();
            links.Add(link);
            seeding = program.Name == "ledger_seed" ? link : seeding;
            opening = program.Name == "ledger_open_intervals" ? link : opening;
        }
        seed = seeding!;
        open = opening!;
        Clock = new LedgerClock(Cpus);
    }

    /// <summary>How it runs here.</summary>
    public LedgerPlan Plan { get; }

    /// <summary>What the kernel has.</summary>
    public KernelTraits Traits { get; }

    /// <summary>How large its tables are.</summary>
    public LedgerSize Size { get; }

    /// <summary>Which stalls are told, where the plan has them.</summary>
    public StallOptions Stalls { get; }

    /// <summary>Counters and settings shared with the programs.</summary>
    public MappedGlobals Globals { get; }

    /// <summary>The accounts: CPU times slots.</summary>
    public MappedArray<LedgerCell> Cells { get; }

    /// <summary>The CPUs.</summary>
    public MappedArray<LedgerCpu> Cpus { get; }

    /// <summary>Who has which slot.</summary>
    public MappedArray<LedgerSlot> Slots { get; }

    /// <summary>Throttled spells by slot.</summary>
    public MappedArray<LedgerSpells> Spells { get; }

    /// <summary>Wraps of the wait counters by slot and cell; empty but for cells with 2^32 waits.</summary>
    public BpfHash<uint, ulong> WaitCarries { get; }

    /// <summary>Slots by cgroup.</summary>
    public BpfHash<ulong, uint> SlotByCgroup { get; }

    /// <summary>Slots to hand out.</summary>
    public BpfQueue<uint> FreeSlots { get; }

    /// <summary>Who made whom wait, ns: the victim's slot in the upper half of the key, the culprit's in the lower.</summary>
    public BpfHash<ulong, ulong> Delays { get; }

    /// <summary>What each slot was made to wait by no slot, and all in all.</summary>
    public MappedArray<StallVictim> Victims { get; }

    /// <summary>How many stalls may be told, and what became of them: one element.</summary>
    public MappedArray<StallLimits> Limits { get; }

    /// <summary>The ring of stalls.</summary>
    public BpfMap StallRing => kernel.Map("stalls");

    /// <summary>The run queue clock.</summary>
    public LedgerClock Clock { get; }

    /// <summary>The programs that are loaded.</summary>
    public IEnumerable<BpfProgram> Programs => kernel.Programs.Where(program => Plan.Uses(program.Name));

    /// <summary>The maps that exist.</summary>
    public IEnumerable<BpfMap> Maps => kernel.Maps.Where(map => map.Name != "spare_records" || Plan.TaskStorage);

    /// <summary>The records of threads, for objects that are loaded beside it (<c>records.bpf.h</c>).</summary>
    public IEnumerable<BpfMap> SharedMaps => Maps.Where(map => map.Name is "records" or "spare_records" or "spare_records_by_pid" or "stalls" or "stall_limits" or "victims");

    /// <summary>
    /// Loads and attaches the first plan that the kernel accepts, gives every thread a record and every cgroup with
    /// threads a slot.
    /// </summary>
    /// <param name="path">The object file.</param>
    /// <param name="options">What the user wants.</param>
    /// <param name="hierarchy">Where cgroups are to be read.</param>
    /// <param name="refused">Receives why each plan before the one that runs was refused.</param>
    /// <exception cref="BpfException">The kernel refused all plans; the message is about the first.</exception>
    public static Ledger Start(string path, SchedOptions options, LedgerHierarchy hierarchy, ICollection<string> refused)
    {
        KernelTraits traits;
        using (var btf = new KernelBtf())
            traits = KernelTraits.Read(btf.Types);
        if (!traits.HasSchedInfo)
            throw new NotSupportedException("the kernel was built without CONFIG_SCHED_INFO (SCHEDSTATS or TASK_DELAY_ACCT): the scheduler does not note when a thread is queued");
        var size = LedgerSize.For(CpuSet.Possible.Width, options.Slots, options.Tasks, ThreadsMax());
        BpfException? first = null;
        foreach (var plan in LedgerPlan.For(traits, options.Throttle, options.Stalls.Enabled))
        {
            try
            {
                var ledger = Start(path, plan, traits, size, hierarchy, options.Stalls);
                ledger.Begin();
                return ledger;
            }
            catch (BpfException refusal)
            {
                first ??= refusal;
                refused.Add($"{plan}: {refusal.Message.Split('\n')[0]}");
            }
        }
        throw first!;
    }

    /// <summary>Visits every thread and gives what to correct in the accounts read between two moments of the run queue clock.</summary>
    /// <param name="at">The moment the accounts were extrapolated to, ns.</param>
    /// <param name="until">When they had been read, ns.</param>
    /// <param name="buffer">Where a batch of corrections is read into.</param>
    /// <param name="correct">Called with each batch.</param>
    public void ReadOpenIntervals(long at, long until, byte[] buffer, Action<ReadOnlySpan<byte>> correct)
    {
        Volatile.Write(ref Globals.Writable<ulong>("open_at"), (ulong)at);
        Volatile.Write(ref Globals.Writable<ulong>("open_until"), (ulong)until);
        using var iterator = open.OpenIterator();
        for (int read; (read = iterator.Read(buffer)) > 0;)
            correct(buffer.AsSpan(0, read));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in links)
            link.Dispose();
        Cells.Dispose();
        Cpus.Dispose();
        Slots.Dispose();
        Spells.Dispose();
        Victims.Dispose();
        Limits.Dispose();
        Globals.Dispose();
        kernel.Dispose();
    }

    private static Ledger Start(string path, LedgerPlan plan, KernelTraits traits, LedgerSize size, LedgerHierarchy hierarchy, StallOptions stalls)
    {
        var kernel = BpfObject.Open(path, ObjectName);
        try
        {
            Configure(kernel, plan, traits, size, hierarchy);
            ConfigureStalls(kernel, plan, size, stalls);
            kernel.Load();
            return new Ledger(kernel, plan, traits, size, stalls);
        }
        catch
        {
            kernel.Dispose(); // detaches and unmaps what was attached and mapped
            throw;
        }
    }

    private static void Configure(BpfObject kernel, LedgerPlan plan, KernelTraits traits, LedgerSize size, LedgerHierarchy hierarchy)
    {
        kernel.SetGlobal("slot_count", (uint)size.Slots);
        kernel.SetGlobal("record_count", (uint)size.Records);
        kernel.SetGlobal("throttle_mode", (uint)plan.Throttle);
        kernel.SetGlobal("hierarchy", (uint)hierarchy);
        kernel.SetGlobal("cpu_controller", traits.CpuController);
        kernel.SetGlobal("has_task_storage", plan.TaskStorage);
        kernel.SetGlobal("creates_under_lock", traits.CreatesStorageUnderLock);
        kernel.SetGlobal("has_prev_state_arg", traits.PassesPreviousState);

        kernel.Map("cells").MaxEntries = (uint)(size.Cpus * size.Slots);
        kernel.Map("cpus").MaxEntries = (uint)size.Cpus;
        kernel.Map("run_queues").MaxEntries = (uint)size.Cpus;
        foreach (var map in new[] { "slots", "spells", "slot_by_cgroup", "free_slots" })
            kernel.Map(map).MaxEntries = (uint)size.Slots;
        kernel.Map("records").MaxEntries = (uint)size.Records;
        kernel.Map("spare_records").Autocreate = plan.TaskStorage;
        kernel.Map("spare_records_by_pid").MaxEntries = plan.TaskStorage ? 1u : (uint)size.SpareRecords;
        kernel.Map("throttle_clocks").MaxEntries = plan.Throttle == LedgerThrottle.Hooks ? (uint)LedgerSize.Clocks : 64u;

        foreach (var program in kernel.Programs)
            program.Autoload = plan.Uses(program.Name);
    }

    private static void ConfigureStalls(BpfObject kernel, LedgerPlan plan, LedgerSize size, StallOptions stalls)
    {
        kernel.Map("victims").MaxEntries = (uint)size.Slots;
        kernel.Map("delays").MaxEntries = plan.Stalls ? (uint)LedgerSize.Delays : 1;
        kernel.Map("stalls").MaxEntries = plan.Stalls ? (uint)LedgerSize.RingBytes(stalls.PerSecond) : (uint)Environment.SystemPageSize;
        if (!plan.Stalls)
            return;
        kernel.SetGlobal("watches_stalls", true);
        kernel.SetGlobal("blame_threshold", stalls.BlameNanoseconds);
        kernel.SetGlobal("least_threshold", stalls.LeastNanoseconds);
        kernel.SetGlobal("wait_threshold", stalls.NanosecondsOf(StallKind.Wait));
        kernel.SetGlobal("throttle_threshold", stalls.NanosecondsOf(StallKind.Throttle));
        kernel.SetGlobal("blocked_threshold", stalls.NanosecondsOf(StallKind.Blocked));
        kernel.SetGlobal("stopped_threshold", stalls.NanosecondsOf(StallKind.Stopped));
    }

    /// <summary>Makes every CPU switch once, so that its account begins now, and visits the threads that were there before us.</summary>
    private void Begin()
    {
        CpuVisit.All(TimeSpan.FromMilliseconds(500));
        Clock.Sample();
        var buffer = new byte[4096];
        using var iterator = seed.OpenIterator();
        while (iterator.Read(buffer) > 0)
        {
            // Writes nothing: reading makes it run.
        }
    }

    private static int ThreadsMax() =>
        File.Exists("/proc/sys/kernel/threads-max") && int.TryParse(File.ReadAllText("/proc/sys/kernel/threads-max"), out var threads) ? threads : 32768;
}
