using System.Globalization;
using Observe.Bpf.Host;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Clock;

/// <summary>Keeps the unified clock: a reading every second, at once whether it was set; and exports how good it is.</summary>
public sealed class ClockCollector : ICollector, IDisposable
{
    /// <summary>Between two readings. What is stamped between the last reading before a step and the first after it is known to the step only.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly UnifiedClock clock;
    private readonly Func<(long Before, long RealTime, long After)> read;
    private readonly Func<ClockDiscipline> discipline;
    private readonly ClockWatch? watch;
    private readonly ITimer timer;
    private readonly Series error;
    private readonly Series offset;
    private readonly Series steps;
    private readonly Lock gate = new();
    private ClockDiscipline last;
    private bool disposed;

    /// <summary>Takes the first reading.</summary>
    /// <param name="clock">What is kept.</param>
    /// <param name="host">Whose the series are.</param>
    /// <param name="time">Wakes it up.</param>
    public ClockCollector(UnifiedClock clock, Resource host, TimeProvider time)
        : this(clock, host, time, HostClock.Read, HostClock.Discipline, ClockWatch.TryStart())
    {
    }

    /// <summary>The same with other clocks.</summary>
    internal ClockCollector(
        UnifiedClock clock, Resource host, TimeProvider time, Func<(long Before, long RealTime, long After)> read, Func<ClockDiscipline> discipline, ClockWatch? watch)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(time);
        this.clock = clock;
        this.read = read;
        this.discipline = discipline;
        this.watch = watch;
        var start = UnixNano.Now(time);
        error = new Series(MetricCatalog.ClockError, host, start, ["host"]);
        offset = new Series(MetricCatalog.ClockOffset, host, start, ["host"]);
        steps = new Series(MetricCatalog.ClockSteps, host, start, ["host"]);
        Sample();
        timer = time.CreateTimer(_ => Sample(), null, Pause, Pause);
    }

    /// <inheritdoc/>
    public string Name => "clock";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status
    {
        get
        {
            lock (gate)
                return [Describe(last)];
        }
    }

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var now = Sample();
            builder.Add(error, clock.ToUtc(now).Error / 1e9);
            builder.Add(offset, -last.Pending / 1e9);
            builder.Add(steps, clock.Steps);
        }
        return new(CollectResult.Ok);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            disposed = true;
            watch?.Dispose();
        }
    }

    /// <summary>What is known of this host's clock, in words.</summary>
    /// <param name="last">What the kernel was told of it.</param>
    public static ComponentStatus Describe(ClockDiscipline last)
    {
        const string Row = "clock";
        var known = string.Create(CultureInfo.InvariantCulture, $"within {last.MaximumError / 1e6:0.###} ms of UTC at most, {last.EstimatedError / 1e6:0.###} ms as estimated");
        return last.IsSynchronized
            ? new ComponentStatus(Row, StatusLevel.Ok, known)
            : new ComponentStatus(Row, StatusLevel.Absent, "nobody disciplines this host's clock: how far it is from UTC is not known", "run an NTP or PTP client that tells the kernel (chrony, systemd-timesyncd, ptp4l with phc2sys); in a guest, the host's clock as a PTP device (ptp_kvm)");
    }

    /// <returns>CLOCK_MONOTONIC after it, ns.</returns>
    private long Sample()
    {
        lock (gate)
        {
            if (disposed)
                return 0;
            // Asked for first: what is set after that is seen by the reading, or the next time.
            var wasSet = watch?.WasSet() ?? false;
            last = discipline();
            var (before, realTime, after) = read();
            clock.Take(new ClockReading(before, realTime, after), last.MaximumError, wasSet);
            return after;
        }
    }
}
