using Observe.Bpf;
using Observe.Bpf.Maps;
using Observe.Collectors.Sched;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>The vCPU accounts in the kernel: loaded beside a ledger, attached, and mapped into our memory. Disposing leaves nothing behind.</summary>
internal sealed class KvmExits : IDisposable
{
    /// <summary>The object file's name, beside the binary in <c>bpf/</c>.</summary>
    public const string ObjectName = "kvm";

    /// <summary>Reasons a vCPU is given room for: a Linux guest has some ten.</summary>
    private const int ReasonsPerVcpu = 16;

    private readonly BpfObject kernel;
    private readonly List<BpfLink> links = [];

    private KvmExits(BpfObject kernel, KvmHooks hooks, int vcpus)
    {
        this.kernel = kernel;
        Hooks = hooks;
        Globals = new MappedGlobals(kernel);
        Vcpus = new MappedArray<KvmVcpuAccount>(kernel.Map("vcpus"), writable: true);
        Reasons = new MappedArray<KvmReason>(kernel.Map("reasons"), writable: true);
        FreeVcpus = new BpfQueue<uint>(kernel.Map("free_vcpus"));
        FreeReasons = new BpfQueue<uint>(kernel.Map("free_reasons"));
        for (var vcpu = 0u; vcpu < vcpus; vcpu++)
            FreeVcpus.TryPush(vcpu);
        for (var reason = 1u; reason < Reasons.Length; reason++)
            FreeReasons.TryPush(reason);
        foreach (var program in Programs)
            links.Add(program.Attach());
    }

    /// <summary>How exits are hooked.</summary>
    public KvmHooks Hooks { get; }

    /// <summary>Counters shared with the programs.</summary>
    public MappedGlobals Globals { get; }

    /// <summary>The vCPUs.</summary>
    public MappedArray<KvmVcpuAccount> Vcpus { get; }

    /// <summary>Their exits by reason; the first is nobody's.</summary>
    public MappedArray<KvmReason> Reasons { get; }

    /// <summary>Accounts to hand out.</summary>
    public BpfQueue<uint> FreeVcpus { get; }

    /// <summary>Places for reasons to hand out.</summary>
    public BpfQueue<uint> FreeReasons { get; }

    /// <summary>The programs that are loaded.</summary>
    public IEnumerable<BpfProgram> Programs => kernel.Programs.Where(program => Hooks.Uses(program.Name));

    /// <summary>The maps that are its own.</summary>
    public IEnumerable<BpfMap> Maps => kernel.Maps.Where(map => map.Name is "vcpus" or "reasons" or "free_vcpus" or "free_reasons");

    /// <summary>Loads and attaches the first way that the kernel accepts.</summary>
    /// <param name="path">The object file.</param>
    /// <param name="sys">Where sysfs is mounted.</param>
    /// <param name="ledger">Whose records of threads it shares.</param>
    /// <param name="vcpus">Most vCPUs.</param>
    /// <param name="refused">Receives why each way before the one that runs was refused.</param>
    /// <exception cref="BpfException">The kernel refused all; the message is about the first.</exception>
    /// <exception cref="NotSupportedException">There is no way on this kernel.</exception>
    public static KvmExits Start(string path, string sys, Ledger ledger, int vcpus, ICollection<string> refused)
    {
        Exception? first = null;
        foreach (var hooks in KvmHooks.For(sys))
        {
            try
            {
                var exits = Start(path, hooks, ledger, vcpus);
                if (hooks.Raw)
                    refused.Clear(); // as good: only the arguments differ
                return exits;
            }
            catch (Exception refusal) when (refusal is BpfException or NotSupportedException)
            {
                first ??= refusal;
                refused.Add($"{hooks}: {refusal.Message.Split('\n')[0]}");
            }
        }
        throw first!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in links)
            link.Dispose();
        Vcpus.Dispose();
        Reasons.Dispose();
        Globals.Dispose();
        kernel.Dispose();
    }

    private static KvmExits Start(string path, KvmHooks hooks, Ledger ledger, int vcpus)
    {
        var kernel = BpfObject.Open(path, ObjectName);
        try
        {
            kernel.SetGlobal("record_count", (uint)ledger.Size.Records);
            kernel.SetGlobal("has_task_storage", ledger.Plan.TaskStorage);
            hooks.Configure(kernel);
            if (ledger.Plan.Stalls)
            {
                kernel.SetGlobal("watches_stalls", true);
                kernel.SetGlobal("exit_threshold", ledger.Stalls.NanosecondsOf(StallKind.Exit));
            }
            foreach (var map in ledger.SharedMaps)
                kernel.Map(map.Name).Share(map);
            kernel.Map("spare_records").Autocreate = ledger.Plan.TaskStorage;
            kernel.Map("vcpus").MaxEntries = (uint)vcpus;
            kernel.Map("free_vcpus").MaxEntries = (uint)vcpus;
            kernel.Map("reasons").MaxEntries = (uint)(vcpus * ReasonsPerVcpu);
            kernel.Map("free_reasons").MaxEntries = (uint)(vcpus * ReasonsPerVcpu);
            kernel.Load();
            return new KvmExits(kernel, hooks, vcpus);
        }
        catch
        {
            kernel.Dispose(); // detaches and unmaps what was attached and mapped
            throw;
        }
    }
}
