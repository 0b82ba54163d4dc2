using Observe.Bpf.Host;
using Observe.Bpf.Maps;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>
/// Whose the kernel's vCPU accounts are. Takes notice of accounts handed out, adds them up by virtual machine, and takes
/// them back from threads that are gone, keeping what they had run up. One thread at a time.
/// </summary>
internal sealed class VmTable : IDisposable
{
    /// <summary>Collections to wait for the scheduler's collector to say who a cgroup is, before it is nobody's.</summary>
    private const int WaitsForWorkload = 2;

    private readonly KvmExits exits;
    private readonly WorkloadRegistry registry;
    private readonly ExemplarStore exemplars;
    private readonly TimeProvider time;
    private readonly string proc;
    private readonly Entry[] entries;
    private readonly Dictionary<(uint Tgid, uint Vm), VmAccount> vms = [];
    private readonly List<(uint Tgid, uint Vm)> finished = [];
    private readonly VmNames names = new();
    private readonly VmIdentities identities;

    /// <summary>Starts empty.</summary>
    /// <param name="exits">The accounts in the kernel.</param>
    /// <param name="registry">Who a cgroup is.</param>
    /// <param name="exemplars">Told which threads run vCPUs that are exported.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="time">The wall clock.</param>
    public VmTable(KvmExits exits, WorkloadRegistry registry, ExemplarStore exemplars, string proc, TimeProvider time)
    {
        this.exits = exits;
        this.registry = registry;
        this.exemplars = exemplars;
        this.proc = proc;
        this.time = time;
        entries = new Entry[exits.Vcpus.Length];
        identities = new VmIdentities(registry);
    }

    /// <summary>vCPU accounts in use.</summary>
    public int Used { get; private set; }

    /// <summary>Virtual machines.</summary>
    public int Count => vms.Count;

    /// <summary>Accounts of which no consistent copy was had.</summary>
    public long Torn { get; private set; }

    /// <summary>Brings every account to now and adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        foreach (var vm in vms.Values)
            vm.BeginSum();
        for (var index = 0; index < entries.Length; index++)
        {
            if (Volatile.Read(in exits.Vcpus[index].Tid) != 0)
                Add(index);
        }
        foreach (var (key, vm) in vms)
        {
            vm.Export(builder);
            if (vm.Threads == 0)
                finished.Add(key);
        }
        // Exported for the last time: what they ran up until they were gone.
        foreach (var key in finished)
        {
            vms.Remove(key, out var vm);
            names.Free(vm!.Resource, vm.Name);
        }
        finished.Clear();
    }

    /// <summary>Nothing of it is exported any more.</summary>
    public void Dispose()
    {
        for (var index = 0; index < entries.Length; index++)
        {
            if (entries[index].Vm is { } vm)
                exemplars.Close((int)exits.Vcpus[index].Tid, vm.Exemplars);
        }
    }

    private void Add(int index)
    {
        ref var entry = ref entries[index];
        ref readonly var live = ref exits.Vcpus[index];
        if (!ConsistentCopy.TryTake(in live, in live.Version, out var account))
            Torn++;
        if (entry.Vm is null && !Open(ref entry, in account))
            return;
        var vm = entry.Vm!;
        var vcpu = vm.Vcpu(account.Vcpu);
        if (account.At == entry.SeenAt && !IsAlive(in account))
        {
            vcpu.Close(in account);
            AddReasons(vm, in account, forGood: true);
            // What has just been closed is not in this collection's sums yet.
            vcpu.Add(in account);
            AddReasons(vm, in account, forGood: false);
            TakeBack(index, ref entry, in account);
            return;
        }
        entry.SeenAt = account.At;
        vcpu.Add(in account);
        AddReasons(vm, in account, forGood: false);
    }

    private void AddReasons(VmAccount vm, in KvmVcpuAccount account, bool forGood)
    {
        foreach (var place in account.Places)
        {
            if (place == 0)
                continue;
            ref readonly var reason = ref exits.Reasons[(int)place];
            var exported = vm.Reason(reason.Isa, reason.Reason);
            if (forGood)
                exported.Close(in reason);
            else
                exported.Add(in reason);
        }
    }

    /// <summary>Nobody writes to it any more: its thread is gone, and with it the record that led here.</summary>
    private void TakeBack(int index, ref Entry entry, in KvmVcpuAccount account)
    {
        entry.Vm!.Threads--;
        exemplars.Close((int)account.Tid, entry.Vm.Exemplars);
        entry = default;
        exits.Vcpus.Writable(index) = default;
        foreach (var place in account.Places)
        {
            if (place == 0)
                continue;
            exits.Reasons.Writable((int)place) = default;
            exits.FreeReasons.TryPush(place);
        }
        exits.FreeVcpus.TryPush((uint)index);
        Used--;
    }

    private bool Open(ref Entry entry, in KvmVcpuAccount account)
    {
        var key = (account.Tgid, account.Vm);
        if (!vms.TryGetValue(key, out var vm))
        {
            if (!registry.TryGet(new CgroupKey(account.Cgroup), out var workload) && entry.Waits++ < WaitsForWorkload)
                return false;
            var process = VmProcess.Read(proc, (int)account.Tgid) ?? new VmProcess((int)account.Tgid, $"vm-{account.Tgid}", null, "unknown");
            identities.Tell(workload, process);
            if (!workload.IsSettled)
                return false; // its account in the kernel goes on meanwhile
            vm = new VmAccount(workload, process, names.Take(workload.Resource, process.Name), new VmmCpu($"{proc}/{process.Pid}"), UnixNano.OfMonotonic(account.Born, time));
            vms.Add(key, vm);
            vm.BeginSum();
        }
        vm.Threads++;
        entry.Vm = vm;
        exemplars.Open((int)account.Tid, vm.Exemplars);
        Used++;
        return true;
    }

    private bool IsAlive(in KvmVcpuAccount account) => Directory.Exists($"{proc}/{account.Tgid}/task/{account.Tid}");

    private struct Entry
    {
        public VmAccount? Vm;
        public ulong SeenAt;
        public int Waits;
    }
}
