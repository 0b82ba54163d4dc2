using Observe.Collectors.Identity;

namespace Observe.Collectors.Cgroup;

/// <summary>
/// One cgroup and the last it said about its limits. Files that rarely change are read in turns, so that a cgroup without a quota costs
/// one reading a collection and one with a quota three.
/// </summary>
internal sealed class CgroupEntry
{
    /// <summary>Collections between two looks whether a cgroup that had tasks still has; one that had none is looked at each time.</summary>
    private const int PopulationTurn = 8;

    private readonly bool unifiedCpu;
    private readonly int turn;
    private CgroupFile population;
    private CgroupFile quota;
    private CgroupFile period;
    private CgroupFile burst;
    private CgroupFile stat;
    private bool stale = true;

    internal CgroupEntry(LiveCgroup cgroup, CgroupLayout layout, int turn)
    {
        Cgroup = cgroup;
        this.turn = turn;
        unifiedCpu = layout.IsUnified(CgroupController.Cpu);
        var cpu = layout.DirectoryOf(CgroupController.Cpu, cgroup.Path);
        var unified = layout.UnifiedDirectoryOf(cgroup.Path);
        population = new CgroupFile(unified, "cgroup.events");
        quota = new CgroupFile(cpu, unifiedCpu ? "cpu.max" : "cpu.cfs_quota_us");
        period = new CgroupFile(unifiedCpu ? null : cpu, "cpu.cfs_period_us");
        burst = new CgroupFile(cpu, unifiedCpu ? "cpu.max.burst" : "cpu.cfs_burst_us");
        stat = new CgroupFile(cpu, "cpu.stat");
        if (layout.HasPressure)
            Pressure = new CgroupPressure(unified);
    }

    /// <summary>The cgroup.</summary>
    internal LiveCgroup Cgroup { get; }

    /// <summary>Its pressure files; null if the kernel has none.</summary>
    internal CgroupPressure? Pressure { get; }

    /// <summary>Whether it, or a cgroup beneath it, has tasks. True where it cannot be told: at the root, and on v1.</summary>
    internal bool IsPopulated { get; private set; }

    /// <summary>Whether its files are gone. What they said last stands until the registry forgets the cgroup.</summary>
    internal bool IsGone { get; private set; }

    /// <summary>Quota, us a period; 0 for no limit.</summary>
    internal ulong QuotaMicros { get; private set; }

    /// <summary>Period, us; 0 if not known.</summary>
    internal ulong PeriodMicros { get; private set; }

    /// <summary>Burst, us; null if the kernel is older than 5.14 and has none.</summary>
    internal ulong? BurstMicros { get; private set; }

    /// <summary>Whether it had a quota at any time since it is known, so that the counters below were read.</summary>
    internal bool HasCounters { get; private set; }

    /// <summary><c>nr_periods</c>.</summary>
    internal ulong Periods { get; private set; }

    /// <summary><c>nr_throttled</c>.</summary>
    internal ulong ThrottledPeriods { get; private set; }

    /// <summary><c>throttled_time</c> or <c>throttled_usec</c>, ns.</summary>
    internal ulong ThrottledNanos { get; private set; }

    /// <summary>Reads what is due.</summary>
    /// <param name="reader">Reads.</param>
    /// <param name="tick">Number of the collection.</param>
    internal void Refresh(CgroupFileReader reader, uint tick)
    {
        if (IsGone)
            return;
        if (!IsPopulated || Due(tick, PopulationTurn))
            RefreshPopulation(reader);
        if (!IsPopulated || IsGone)
            return;
        var limited = QuotaMicros > 0;
        RefreshQuota(reader, tick);
        // Once more after the limit was lifted, for what the counters ended at.
        if ((limited || QuotaMicros > 0) && !IsGone)
            RefreshCounters(reader);
    }

    /// <summary>Closes all files.</summary>
    /// <param name="reader">Who opened them.</param>
    internal void Close(CgroupFileReader reader)
    {
        IsGone = true;
        reader.Close(ref population);
        reader.Close(ref quota);
        reader.Close(ref period);
        reader.Close(ref burst);
        reader.Close(ref stat);
        Pressure?.Close(reader);
    }

    private bool Due(uint tick, uint every) => (tick + (uint)turn) % every == 0;

    private void RefreshPopulation(CgroupFileReader reader)
    {
        switch (reader.Read(ref population, out var text))
        {
            case CgroupRead.Gone:
                Close(reader);
                break;
            case CgroupRead.Ok when CgroupText.TryField(text, "populated"u8, out var populated):
                IsPopulated = populated != 0;
                break;
            default:
                IsPopulated = true;
                break;
        }
    }

    private void RefreshQuota(CgroupFileReader reader, uint tick)
    {
        // Not there: the controller is not enabled here. That can change, and is looked at every other time.
        if (quota.Handle is null && QuotaMicros == 0 && !stale && !Due(tick, 2))
            return;
        var before = QuotaMicros;
        switch (reader.Read(ref quota, out var text))
        {
            case CgroupRead.Gone:
                Close(reader);
                return;
            case CgroupRead.Ok when unifiedCpu && CgroupText.TryMax(text, out var max, out var every):
                QuotaMicros = max;
                PeriodMicros = every;
                break;
            case CgroupRead.Ok when !unifiedCpu && CgroupText.TryLegacyQuota(text, out var micros):
                QuotaMicros = micros;
                break;
            case CgroupRead.Absent:
                QuotaMicros = 0;
                break;
        }
        stale |= QuotaMicros != before;
        if (QuotaMicros == 0)
            return;
        // A quota and the period it is changed with must not be mixed up with the old one's.
        if (stale || Due(tick, 2))
            RefreshPeriod(reader);
        if (stale || !Due(tick, 2))
            RefreshBurst(reader);
        stale = false;
    }

    private void RefreshPeriod(CgroupFileReader reader)
    {
        switch (reader.Read(ref period, out var text))
        {
            case CgroupRead.Gone:
                Close(reader);
                break;
            case CgroupRead.Ok when CgroupText.TryNumber(text, out var micros, out _):
                PeriodMicros = micros;
                break;
        }
    }

    private void RefreshBurst(CgroupFileReader reader)
    {
        switch (reader.Read(ref burst, out var text))
        {
            case CgroupRead.Ok when CgroupText.TryNumber(text, out var micros, out _):
                BurstMicros = micros;
                break;
            case CgroupRead.Absent:
                // A kernel without it will not get it.
                reader.Close(ref burst);
                break;
        }
    }

    private void RefreshCounters(CgroupFileReader reader)
    {
        switch (reader.Read(ref stat, out var text))
        {
            case CgroupRead.Gone:
                Close(reader);
                break;
            case CgroupRead.Ok when CgroupText.TryField(text, "nr_periods"u8, out var periods)
                && CgroupText.TryField(text, "nr_throttled"u8, out var throttled) && TryThrottledNanos(text, out var nanos):
                HasCounters = true;
                Periods = periods;
                ThrottledPeriods = throttled;
                ThrottledNanos = nanos;
                break;
        }
    }

    private bool TryThrottledNanos(ReadOnlySpan<byte> text, out ulong nanos)
    {
        if (!unifiedCpu)
            return CgroupText.TryField(text, "throttled_time"u8, out nanos);
        var found = CgroupText.TryField(text, "throttled_usec"u8, out var micros);
        nanos = micros * 1000;
        return found;
    }
}
