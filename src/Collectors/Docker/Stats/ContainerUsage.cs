using Observe.Collectors.Docker.Api;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker.Stats;

/// <summary>What a container has used since it was started: the last sample of it, and its series. Made anew at every start. One thread at a time.</summary>
internal sealed class ContainerUsage
{
    /// <summary>Most series by device of one container: what makes devices inside of it must not make memory here.</summary>
    private const int MaxDevices = 512;

    private readonly IReadOnlyList<StatMetric>[] tables;
    private readonly Slot[] slots;
    private readonly Dictionary<DeviceKey, Slot> devices = [];
    private readonly Action<DeviceKey, double> takeDevice;
    private readonly bool detail;
    private readonly ulong startTimeUnixNano;
    private readonly LossCounter dropped;
    private readonly Slot utilization = new() { Value = double.NaN };
    private (ulong Cpu, ulong System)? previous;
    private int sample;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="startTimeUnixNano">When the container was started, ns since the Unix epoch.</param>
    /// <param name="detail">Whether all is wanted, or what is looked at most.</param>
    /// <param name="dropped">Where devices beyond the bound are counted.</param>
    public ContainerUsage(ulong startTimeUnixNano, bool detail, LossCounter dropped)
    {
        this.startTimeUnixNano = startTimeUnixNano;
        this.detail = detail;
        this.dropped = dropped;
        tables = detail ? [StatMetrics.Usual, StatMetrics.Detail] : [StatMetrics.Usual];
        slots = [.. tables.SelectMany(table => table).Select(_ => new Slot())];
        takeDevice = TakeDevice;
    }

    /// <summary>When the last sample was taken, by the engine's clock, ns since the Unix epoch; 0 before the first.</summary>
    public ulong ReadAt { get; private set; }

    /// <summary>When it came, a timestamp of the agent's clock.</summary>
    public long TakenAt { get; private set; }

    /// <summary>Takes a sample in.</summary>
    /// <param name="stats">The sample.</param>
    /// <param name="now">A timestamp of the agent's clock.</param>
    /// <returns>False if it is none: of a container that does not run the engine returns an empty one.</returns>
    public bool Take(ContainerStats stats, long now)
    {
        if (stats.Read <= DateTimeOffset.UnixEpoch)
            return false;
        TakenAt = now;
        ReadAt = UnixNano.Of(stats.Read);
        sample++;
        var i = 0;
        foreach (var metric in tables.SelectMany(table => table))
            slots[i++].Value = metric.Read(stats) ?? double.NaN;
        utilization.Value = Utilization(stats.Cpu);
        DeviceMetrics.Read(stats, detail, takeDevice);
        return true;
    }

    /// <summary>Adds the points of the last sample, at its time.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="resource">Whose they are.</param>
    public void Export(SnapshotBuilder builder, Resource resource)
    {
        if (ReadAt == 0)
            return;
        var i = 0;
        foreach (var table in tables)
        {
            for (var row = 0; row < table.Count; row++, i++)
            {
                if (!double.IsNaN(slots[i].Value))
                    builder.Add(slots[i].Series ??= Make(table[row].Metric, resource, []), slots[i].Value, ReadAt);
            }
        }
        if (!double.IsNaN(utilization.Value))
            builder.Add(utilization.Series ??= Make(ContainerMetrics.CpuUtilization, resource, []), utilization.Value, ReadAt);
        foreach (var (key, slot) in devices)
        {
            if (slot.Sample == sample)
                builder.Add(slot.Series ??= Make(key.Metric, resource, DeviceMetrics.LabelsOf(key)), slot.Value, ReadAt);
        }
    }

    private void TakeDevice(DeviceKey key, double value)
    {
        if (!devices.TryGetValue(key, out var slot))
        {
            if (devices.Count >= MaxDevices)
                ForgetDevices();
            if (devices.Count >= MaxDevices)
            {
                dropped.Add();
                return;
            }
            devices.Add(key, slot = new Slot());
        }
        slot.Value = value;
        slot.Sample = sample;
    }

    /// <summary>Those that are in none of the last two samples.</summary>
    private void ForgetDevices()
    {
        foreach (var (key, slot) in devices)
        {
            if (slot.Sample < sample - 1)
                devices.Remove(key);
        }
    }

    /// <summary>As <c>docker stats</c> computes it, but from our own previous sample: a one-shot sample has none.</summary>
    private double Utilization(ContainerStats.CpuStats? cpu)
    {
        if (cpu is not { Usage.Total: { } total, System: { } system })
            return double.NaN;
        var before = previous;
        previous = (total, system);
        return before is { } last && total >= last.Cpu && system > last.System
            ? (double)(total - last.Cpu) / (system - last.System) * Cpus(cpu) * 100
            : double.NaN;
    }

    /// <summary>Engines before 1.27 do not say how many are online.</summary>
    private static double Cpus(ContainerStats.CpuStats cpu) => cpu.Online ?? (double)Math.Max(1, cpu.Usage?.PerCpu?.Count ?? 0);

    private Series Make(MetricDescriptor metric, Resource resource, string[] labels) => new(metric, resource, startTimeUnixNano, labels);

    private sealed class Slot
    {
        public double Value { get; set; }

        public Series? Series { get; set; }

        /// <summary>The sample that it was last in.</summary>
        public int Sample { get; set; }
    }
}
