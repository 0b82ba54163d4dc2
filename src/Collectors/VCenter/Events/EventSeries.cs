using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Events;

/// <summary>What is counted of a vCenter's events and tasks.</summary>
internal sealed class EventSeries
{
    /// <summary>Types of events with series of their own: vim25 has some 500, and a vCenter sends a few dozen of them.</summary>
    private const int MaxTypes = 256;

    /// <summary>Descriptors of tasks with series of their own, each with two outcomes.</summary>
    private const int MaxDescriptors = 128;

    private static readonly string[] Statuses = ["gray", "green", "yellow", "red"];

    private readonly Func<long> resets;
    private readonly BoundedCounts types;
    private readonly BoundedCounts succeeded;
    private readonly BoundedCounts failed;
    private readonly BoundedCounts alarms;
    private readonly SecondsHistogram lag;
    private readonly SecondsHistogram migrated;
    private readonly SecondsHistogram notMigrated;
    private readonly Series duplicateSeries;
    private readonly Series missedSeries;
    private readonly Series resetSeries;
    private readonly Series writtenSeries;
    private readonly Series notWrittenSeries;
    private readonly Series writtenAtSeries;
    private long duplicates;
    private long missed;
    private long written;
    private long notWritten;
    private long writtenAt;

    /// <summary>Makes them.</summary>
    /// <param name="vcenter">The vCenter's name.</param>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    /// <param name="resets">Times that the server's numbers began anew.</param>
    public EventSeries(string vcenter, Resource host, ulong start, Func<long> resets)
    {
        this.resets = resets;
        types = new BoundedCounts(MaxTypes, type => Make(VCenterMetrics.Events, type));
        succeeded = new BoundedCounts(MaxDescriptors, descriptor => Make(VCenterMetrics.Tasks, descriptor, "succeeded"));
        failed = new BoundedCounts(MaxDescriptors, descriptor => Make(VCenterMetrics.Tasks, descriptor, "failed"));
        alarms = new BoundedCounts(Statuses.Length + 1, status => Make(VCenterMetrics.AlarmChanges, status));
        lag = new SecondsHistogram(Make(VCenterMetrics.EventLag));
        migrated = new SecondsHistogram(Make(VCenterMetrics.Migrations, "succeeded"));
        notMigrated = new SecondsHistogram(Make(VCenterMetrics.Migrations, "failed"));
        duplicateSeries = Make(VCenterMetrics.EventDuplicates);
        missedSeries = Make(VCenterMetrics.EventsMissed);
        resetSeries = Make(VCenterMetrics.EventResets);
        writtenSeries = Make(VCenterMetrics.CheckpointWrites, "written");
        notWrittenSeries = Make(VCenterMetrics.CheckpointWrites, "failed");
        writtenAtSeries = Make(VCenterMetrics.CheckpointTime);

        Series Make(MetricDescriptor metric, params string[] values) => new(metric, host, start, [vcenter, .. values]);
    }

    /// <summary>Counts an event.</summary>
    /// <param name="type">Its type.</param>
    public void Count(string type) => types.Add(type);

    /// <summary>Counts an event that had come before.</summary>
    public void CountDuplicate() => Interlocked.Increment(ref duplicates);

    /// <summary>Counts events that the server had no more.</summary>
    /// <param name="events">How many.</param>
    public void CountMissed(long events) => Interlocked.Add(ref missed, events);

    /// <summary>Counts a change of an alarm.</summary>
    /// <param name="to">Its new status.</param>
    public void CountAlarm(string to) => alarms.Add(Statuses.Contains(to) ? to : "other");

    /// <summary>Counts the end of a task.</summary>
    /// <param name="descriptor">What it does: <c>VirtualMachine.powerOn</c>.</param>
    /// <param name="isSuccess">Whether it was done.</param>
    public void CountTask(string descriptor, bool isSuccess) => (isSuccess ? succeeded : failed).Add(descriptor);

    /// <summary>Counts a delivery.</summary>
    /// <param name="seconds">From when the event was made until all sinks had it.</param>
    public void ObserveLag(double seconds) => lag.Observe(seconds);

    /// <summary>Counts a migration.</summary>
    /// <param name="seconds">How long it took.</param>
    /// <param name="end">How it ended.</param>
    public void ObserveMigration(double seconds, MigrationRole end) => (end == MigrationRole.Failure ? notMigrated : migrated).Observe(seconds);

    /// <summary>Counts a writing of the checkpoint.</summary>
    /// <param name="at">When it was written, ns since the Unix epoch; null if it was not.</param>
    public void CountCheckpoint(ulong? at)
    {
        Interlocked.Increment(ref at is null ? ref notWritten : ref written);
        if (at is { } moment)
            Interlocked.Exchange(ref writtenAt, (long)moment);
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        types.Export(builder);
        succeeded.Export(builder);
        failed.Export(builder);
        alarms.Export(builder);
        lag.Export(builder);
        migrated.Export(builder);
        notMigrated.Export(builder);
        builder.Add(duplicateSeries, Interlocked.Read(ref duplicates));
        builder.Add(missedSeries, Interlocked.Read(ref missed));
        builder.Add(resetSeries, resets());
        builder.Add(writtenSeries, Interlocked.Read(ref written));
        builder.Add(notWrittenSeries, Interlocked.Read(ref notWritten));
        if (Interlocked.Read(ref writtenAt) is > 0 and var at)
            builder.Add(writtenAtSeries, at / 1e9);
    }
}
