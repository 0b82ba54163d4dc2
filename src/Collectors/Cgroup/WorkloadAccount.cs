using Observe.Collectors.Identity;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Cgroup;

/// <summary>The cgroups of one workload and the series made of them: the limits of the topmost, the counters of all together.</summary>
internal sealed class WorkloadAccount(Workload workload)
{
    /// <summary>Kinds of pressure, the <c>kind</c> label.</summary>
    private static readonly string[] PressureKinds = ["some", "full"];

    private readonly List<CgroupEntry> members = [];
    private readonly PressureTotals pressure = new();
    private LimitSeries? limits;
    private Series? burst;
    private CounterSeries? counters;
    private Series?[]? pressureSeries;

    // What the counters of cgroups that the workload outlived came to.
    private ulong pastPeriods;
    private ulong pastThrottledPeriods;
    private ulong pastThrottledNanos;
    private bool hasPast;

    /// <summary>Whose it is.</summary>
    internal Workload Workload { get; } = workload;

    /// <summary>The cgroup with the shortest path, which contains the others; null if there is none left.</summary>
    internal CgroupEntry? Topmost { get; private set; }

    /// <summary>Adds a cgroup.</summary>
    /// <param name="entry">The cgroup.</param>
    internal void Join(CgroupEntry entry)
    {
        members.Add(entry);
        ChooseTopmost();
    }

    /// <summary>Takes a cgroup out; what its counters came to stays in the sums.</summary>
    /// <param name="entry">The cgroup.</param>
    internal void Leave(CgroupEntry entry)
    {
        members.Remove(entry);
        pastPeriods += entry.Periods;
        pastThrottledPeriods += entry.ThrottledPeriods;
        pastThrottledNanos += entry.ThrottledNanos;
        hasPast |= entry.HasCounters;
        ChooseTopmost();
    }

    /// <summary>Reads the topmost cgroup's pressure.</summary>
    /// <param name="reader">Reads.</param>
    /// <returns>Whether there was anything to read.</returns>
    internal bool RefreshPressure(CgroupFileReader reader)
    {
        if (Topmost is not { IsPopulated: true, IsGone: false, Pressure: { } files })
            return false;
        files.Refresh(reader);
        pressure.Update(Topmost.Cgroup.Path, files);
        return true;
    }

    /// <summary>Adds the current values.</summary>
    /// <param name="builder">Where to.</param>
    internal void Emit(SnapshotBuilder builder)
    {
        EmitLimits(builder);
        EmitCounters(builder);
        EmitPressure(builder);
    }

    private void EmitLimits(SnapshotBuilder builder)
    {
        if (Topmost is not { IsPopulated: true, QuotaMicros: > 0, PeriodMicros: > 0 } top)
            return;
        limits ??= new LimitSeries(Make(MetricCatalog.QuotaCores), Make(MetricCatalog.QuotaPeriod));
        builder.Add(limits.Cores, (double)top.QuotaMicros / top.PeriodMicros);
        builder.Add(limits.Period, top.PeriodMicros / 1e6);
        if (top.BurstMicros is { } micros)
            builder.Add(burst ??= Make(MetricCatalog.QuotaBurst), micros / 1e6);
    }

    private void EmitCounters(SnapshotBuilder builder)
    {
        var (periods, throttledPeriods, throttledNanos, any) = (pastPeriods, pastThrottledPeriods, pastThrottledNanos, hasPast);
        foreach (var member in members)
        {
            any |= member.HasCounters;
            periods += member.Periods;
            throttledPeriods += member.ThrottledPeriods;
            throttledNanos += member.ThrottledNanos;
        }
        if (!any)
            return;
        counters ??= new CounterSeries(Make(MetricCatalog.CfsPeriods), Make(MetricCatalog.CfsThrottledPeriods), Make(MetricCatalog.CfsThrottledTime));
        builder.Add(counters.Periods, periods);
        builder.Add(counters.ThrottledPeriods, throttledPeriods);
        builder.Add(counters.ThrottledTime, throttledNanos / 1e9);
    }

    private void EmitPressure(SnapshotBuilder builder)
    {
        for (var resource = 0; resource < CgroupPressure.Resources.Length; resource++)
        {
            if (!pressure.IsKnown(resource))
                continue;
            pressureSeries ??= new Series?[CgroupPressure.Resources.Length * PressureKinds.Length];
            for (var kind = 0; kind < PressureKinds.Length; kind++)
            {
                var series = pressureSeries[(resource * PressureKinds.Length) + kind] ??= Make(MetricCatalog.Pressure, CgroupPressure.Resources[resource], PressureKinds[kind]);
                builder.Add(series, pressure.Micros(resource, kind) / 1e6);
            }
        }
    }

    private Series Make(MetricDescriptor metric, params string[] values) => new(metric, Workload.Resource, Workload.StartTimeUnixNano, values);

    private void ChooseTopmost()
    {
        Topmost = null;
        foreach (var member in members)
        {
            // A container that restarts has its old cgroup and its new one for a moment, at the same path: the new one counts.
            if (Topmost is null || member.Cgroup.Path.Length < Topmost.Cgroup.Path.Length || Topmost.IsGone)
                Topmost = member;
        }
    }

    private sealed record LimitSeries(Series Cores, Series Period);

    private sealed record CounterSeries(Series Periods, Series ThrottledPeriods, Series ThrottledTime);
}
