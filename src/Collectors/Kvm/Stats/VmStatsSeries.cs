using System.Globalization;
using Observe.Collectors.Identity;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>The series of one virtual machine, from what KVM and procfs count. What neither does is absent.</summary>
internal sealed class VmStatsSeries
{
    private readonly VmmCpu vmm;
    private readonly VcpuThreads threads;
    private readonly VmOverhead overhead;
    private readonly Series info;
    private readonly Series[] exits;
    private readonly Series otherExits;
    private readonly Dictionary<int, VcpuSeries> vcpus = [];
    private ulong others;

    /// <summary>Makes the series.</summary>
    /// <param name="workload">What its threads are charged to.</param>
    /// <param name="process">Who it is.</param>
    /// <param name="name">Its name, unique in the workload.</param>
    /// <param name="startTimeUnixNano">When its process began, ns since the Unix epoch.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="time">The clock.</param>
    internal VmStatsSeries(Workload workload, VmProcess process, string name, ulong startTimeUnixNano, string proc, TimeProvider time)
    {
        Resource = workload.Resource;
        Name = name;
        StartTimeUnixNano = startTimeUnixNano;
        vmm = new VmmCpu($"{proc}/{process.Pid}");
        threads = new VcpuThreads(proc, process.Pid, time);
        overhead = new VmOverhead(Resource, startTimeUnixNano, name);
        info = new Series(MetricCatalog.VmInfo, Resource, startTimeUnixNano, [name, process.Uuid ?? "", process.Vmm, process.Pid.ToString(CultureInfo.InvariantCulture)]);
        exits = [.. KvmCounters.Reasons.Select(reason => Exits(reason.Reason))];
        otherExits = Exits("other");

        Series Exits(string reason) => new(MetricCatalog.KvmExits, Resource, startTimeUnixNano, [name, reason]);
    }

    /// <summary>Whose the series are.</summary>
    internal Resource Resource { get; }

    /// <summary>The <c>vm</c> label.</summary>
    internal string Name { get; }

    private ulong StartTimeUnixNano { get; }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="stats">What KVM has counted of it.</param>
    internal void Export(SnapshotBuilder builder, KvmVmStats stats)
    {
        vmm.Refresh();
        threads.Refresh();
        builder.Add(info, 1);
        ExportExits(builder, in stats.Total);
        double kernel = 0, waiting = 0;
        for (var i = 0; i < threads.All.Count; i++)
        {
            var thread = threads.All[i];
            if (!vcpus.TryGetValue(thread.Vcpu, out var vcpu))
                vcpus.Add(thread.Vcpu, vcpu = new VcpuSeries(this, thread.Vcpu));
            vcpu.Export(builder, thread, stats);
            kernel += thread.System;
            waiting += thread.Waiting;
        }
        var guest = vmm.Ticks.Guest;
        if (threads.All.Count == 0)
        {
            // Nobody knows which threads run vCPUs: the guest's time alone is the process's own.
            overhead.Export(builder, guest, null, null, null);
            return;
        }
        var trap = Math.Max(0, kernel - (stats.Total.HaltPollNanoseconds / 1e9));
        overhead.Export(builder, guest, trap, waiting, Math.Max(0, vmm.Seconds - guest - trap));
    }

    private void ExportExits(SnapshotBuilder builder, in KvmCounters counters)
    {
        var apart = 0UL;
        for (var i = 0; i < exits.Length; i++)
        {
            if (!counters.TryGet(KvmCounters.Reasons[i].Stat, out var count))
                continue;
            apart += count;
            builder.Add(exits[i], count);
        }
        if (!counters.Knows(KvmStat.Exits))
            return;
        // The counts are not read at one moment.
        others = Math.Max(others, counters.Exits > apart ? counters.Exits - apart : 0);
        builder.Add(otherExits, others);
    }

    private sealed class VcpuSeries
    {
        private readonly Series guest;
        private readonly Series exit;
        private readonly Series haltPoll;
        private readonly Series userspace;
        private readonly Series waiting;
        private double exiting;

        internal VcpuSeries(VmStatsSeries vm, int vcpu)
        {
            guest = Time("guest");
            exit = Time("exit");
            haltPoll = Time("halt_poll");
            userspace = Time("userspace");
            waiting = Time("waiting");

            Series Time(string state) => new(MetricCatalog.VcpuTime, vm.Resource, vm.StartTimeUnixNano, [vm.Name, vcpu.ToString(CultureInfo.InvariantCulture), state]);
        }

        internal void Export(SnapshotBuilder builder, VcpuThread thread, KvmVmStats stats)
        {
            builder.Add(guest, thread.Guest);
            builder.Add(userspace, thread.Userspace);
            builder.Add(waiting, thread.Waiting);
            foreach (var vcpu in stats.Vcpus)
            {
                if (vcpu.Number != thread.Vcpu)
                    continue;
                // Without KVM's count of it the kernel's time cannot be divided.
                var polled = vcpu.Counters.HaltPollNanoseconds / 1e9;
                exiting = Math.Max(exiting, thread.System - polled);
                builder.Add(haltPoll, polled);
                builder.Add(exit, exiting);
            }
        }
    }
}
