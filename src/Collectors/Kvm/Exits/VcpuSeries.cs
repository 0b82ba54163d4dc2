using System.Globalization;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>The time of one vCPU of a virtual machine, by state, over all threads that have run it.</summary>
internal sealed class VcpuSeries
{
    private readonly Series[] series;
    private readonly long[] closed = new long[KvmWire.Times];
    private readonly long[] sum = new long[KvmWire.Times];

    /// <summary>Makes the series.</summary>
    /// <param name="vm">Whose it is.</param>
    /// <param name="vcpu">KVM's number of it.</param>
    public VcpuSeries(VmAccount vm, uint vcpu)
    {
        var number = vcpu == KvmWire.UnknownVcpu ? "unknown" : vcpu.ToString(CultureInfo.InvariantCulture);
        series = [.. KvmWire.States.Select(state => new Series(MetricCatalog.VcpuTime, vm.Resource, vm.StartTimeUnixNano, [vm.Name, number, state]))];
    }

    /// <summary>Time in a state, seconds.</summary>
    /// <param name="state">The state.</param>
    public double this[VcpuTime state] => sum[(int)state] / 1e9;

    /// <summary>Begins a collection.</summary>
    public void BeginSum() => closed.CopyTo(sum, 0);

    /// <summary>Adds one thread's.</summary>
    /// <param name="account">A consistent copy.</param>
    public void Add(in KvmVcpuAccount account) => Add(account, sum);

    /// <summary>Keeps what a thread that is gone has run up.</summary>
    /// <param name="account">Its account.</param>
    public void Close(in KvmVcpuAccount account) => Add(account, closed);

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        for (var state = 0; state < series.Length; state++)
            builder.Add(series[state], sum[state] / 1e9);
    }

    private static void Add(in KvmVcpuAccount account, long[] to)
    {
        for (var state = 0; state < to.Length; state++)
            to[state] += account.Time[state];
    }
}
