using System.Text;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// Finds virtual machines by the descriptors of processes. Processes that are called as a VMM is are looked at every ten
/// seconds; all others once a minute, so many of them that it does not cost more than tens of ms, and the rest the next time.
/// </summary>
internal sealed class VmProcesses
{
    /// <summary>Most descriptors looked at in the sweep of a minute, 1 to 2 us each.</summary>
    internal const int SweepBudget = 16384;

    /// <summary>Bytes of a thread's name, NUL included (TASK_COMM_LEN).</summary>
    private const int MaxComm = 16;

    /// <summary>Longest path of a program that is looked at, bytes.</summary>
    private const int MaxProgram = 4096;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    private readonly string proc;
    private readonly KvmDescriptors descriptors;
    private readonly TimeProvider time;
    private readonly KernelPath path;
    private readonly byte[] comm = new byte[MaxComm];
    private readonly byte[] program = new byte[MaxProgram];
    private readonly List<int> pids = [];
    private readonly List<VmHandle> known = [];

    // What a process was called when it was judged, and the judgement: names are made into strings once.
    private Dictionary<int, (UInt128 Comm, bool IsVmm)> judged = [];
    private Dictionary<int, (UInt128 Comm, bool IsVmm)> judging = [];
    private bool everLooked;
    private bool everSwept;
    private long lookedAt;
    private long sweptAt;
    private int sweptTo;

    /// <summary>Starts with none found.</summary>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="descriptors">Looks at descriptors.</param>
    /// <param name="time">The clock.</param>
    internal VmProcesses(string proc, KvmDescriptors descriptors, TimeProvider time)
    {
        this.proc = proc;
        this.descriptors = descriptors;
        this.time = time;
        path = new KernelPath(proc);
    }

    /// <summary>Those that are there now, as far as they have been found.</summary>
    /// <param name="found">Where to.</param>
    internal void Find(List<VmHandle> found)
    {
        for (var i = known.Count - 1; i >= 0; i--)
        {
            if (descriptors.Get(known[i].Pid, known[i].Descriptor).Kind != KvmLinkKind.Vm)
                known.RemoveAt(i);
        }
        if (!everLooked || time.GetElapsedTime(lookedAt) >= BetweenLooks)
            Look();
        found.AddRange(known);
    }

    private void Look()
    {
        everLooked = true;
        lookedAt = time.GetTimestamp();
        if (NumberedEntries.List(proc, pids) is not null)
            return;
        foreach (var pid in pids)
        {
            if (IsVmm(pid))
                LookAt(pid);
        }
        (judged, judging) = (judging, judged);
        judging.Clear();
        if (!everSwept || time.GetElapsedTime(sweptAt) >= BetweenSweeps)
            Sweep();
    }

    private void Sweep()
    {
        everSwept = true;
        sweptAt = time.GetTimestamp();
        pids.Sort();
        var left = SweepBudget;
        foreach (var pid in pids)
        {
            if (pid <= sweptTo)
                continue;
            if (left <= 0)
                return;
            left -= LookAt(pid);
            sweptTo = pid;
        }
        // The next sweep begins anew.
        sweptTo = 0;
    }

    /// <summary>Takes a process' virtual machines in; the number of descriptors that it cost.</summary>
    private int LookAt(int pid)
    {
        if (descriptors.List(pid) is not null)
            return 1;
        foreach (var descriptor in descriptors.Vms)
        {
            var vm = new VmHandle(pid, descriptor, 0);
            if (!known.Contains(vm))
                known.Add(vm);
        }
        return descriptors.Looked + 1;
    }

    private bool IsVmm(int pid)
    {
        comm.AsSpan().Clear();
        var length = KernelFile.Read(path.Of(pid, "/comm"u8), comm);
        if (length <= 0)
            return false;
        var name = System.Runtime.InteropServices.MemoryMarshal.Read<UInt128>(comm);
        if (!judged.TryGetValue(pid, out var judgement) || judgement.Comm != name)
            judgement = (name, Judge(pid, comm.AsSpan(0, length)));
        judging[pid] = judgement;
        return judgement.IsVmm;
    }

    // A VMM may have called itself otherwise (QEMU: -name x,process=y); its program keeps its name.
    private bool Judge(int pid, ReadOnlySpan<byte> called)
    {
        var length = Math.Max(0, KernelFile.ReadLink(path.Of(pid, "/exe"u8), program));
        return VmProcess.VmmOf(Encoding.UTF8.GetString(called.TrimEnd((byte)'\n')), Encoding.UTF8.GetString(program, 0, length)) is not null;
    }
}
