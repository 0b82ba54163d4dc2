using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Migrations;

/// <summary>Blackouts and migrations of this machine as metrics.</summary>
/// <param name="host">Whose the series are.</param>
/// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
internal sealed class MigrationSeries(Resource host, ulong start)
{
    private readonly Series[] blackouts = [new(MetricCatalog.GuestBlackouts, host, start, ["late"]), new(MetricCatalog.GuestBlackouts, host, start, ["suspended"])];
    private readonly Series[] blackoutTime = [new(MetricCatalog.GuestBlackoutTime, host, start, ["late"]), new(MetricCatalog.GuestBlackoutTime, host, start, ["suspended"])];
    private readonly Series[] migrations = [.. ((string[])["recovered", "unrecovered", "unknown"]).Select(each => new Series(MetricCatalog.Migrations, host, start, [each]))];
    private readonly Series interruption = new(MetricCatalog.MigrationInterruption, host, start, []);
    private readonly Series recovery = new(MetricCatalog.MigrationRecovery, host, start, []);
    private readonly Series interrupted = new(MetricCatalog.MigrationInterrupted, host, start, []);
    private readonly long[] counts = new long[2];
    private readonly double[] seconds = new double[2];

    /// <summary>Counts a blackout. The same thread as <see cref="Export"/>, or under the same lock.</summary>
    /// <param name="blackout">One that is certain.</param>
    public void Count(GuestBlackout blackout)
    {
        counts[(int)blackout.Sign]++;
        seconds[(int)blackout.Sign] += blackout.Nanoseconds / 1e9;
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="tally">What became of migrations.</param>
    public void Export(SnapshotBuilder builder, MigrationTally tally)
    {
        for (var sign = 0; sign < counts.Length; sign++)
        {
            builder.Add(blackouts[sign], counts[sign]);
            builder.Add(blackoutTime[sign], seconds[sign]);
        }
        var now = tally.Read();
        for (var outcome = 0; outcome < migrations.Length; outcome++)
            builder.Add(migrations[outcome], now.Outcomes[outcome]);
        builder.Add(interrupted, now.Interrupted);
        if (now.Interruption is { } last)
            builder.Add(interruption, last);
        if (now.Recovery is { } took)
            builder.Add(recovery, took);
    }
}
