using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>What the asking for samples says of itself.</summary>
internal sealed class PerformanceSeries
{
    private readonly string vcenter;
    private readonly Resource host;
    private readonly ulong start;
    private readonly Series[] rounds;
    private readonly Series skipped;
    private readonly Series duration;
    private readonly Series lag;
    private readonly Series age;
    private readonly Series entities;
    private readonly Series isolated;
    private readonly Series size;
    private readonly Series requests;
    private readonly Series[] errors;
    private readonly Series samples;
    private readonly Series values;
    private readonly Series missing;
    private readonly Series serverGaps;
    private readonly Series retentionGaps;

    /// <summary>Makes the series.</summary>
    /// <param name="vcenter">The vCenter's name.</param>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they count, ns since the Unix epoch.</param>
    public PerformanceSeries(string vcenter, Resource host, ulong start)
    {
        (this.vcenter, this.host, this.start) = (vcenter, host, start);
        rounds = [.. Enum.GetValues<RoundOutcome>().Select(each => Of(VCenterMetrics.PerformanceRounds, Label(each)))];
        skipped = Of(VCenterMetrics.PerformanceRoundsSkipped);
        duration = Of(VCenterMetrics.PerformanceRoundDuration);
        lag = Of(VCenterMetrics.PerformanceLag);
        age = Of(VCenterMetrics.PerformanceSampleAge);
        entities = Of(VCenterMetrics.PerformanceEntities);
        isolated = Of(VCenterMetrics.PerformanceIsolated);
        size = Of(VCenterMetrics.PerformanceBatchMetrics);
        requests = Of(VCenterMetrics.PerformanceRequests);
        errors = [.. Enum.GetValues<FailureKind>().Select(each => Of(VCenterMetrics.PerformanceErrors, Label(each)))];
        samples = Of(VCenterMetrics.PerformanceSamples);
        values = Of(VCenterMetrics.PerformanceValues, "taken");
        missing = Of(VCenterMetrics.PerformanceValues, "missing");
        serverGaps = Of(VCenterMetrics.PerformanceGaps, "server");
        retentionGaps = Of(VCenterMetrics.PerformanceGaps, "retention");
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="parts">What a round works with.</param>
    /// <param name="state">How the rounds went.</param>
    public void Export(SnapshotBuilder builder, PerformanceParts parts, PerformanceState state)
    {
        foreach (var outcome in Enum.GetValues<RoundOutcome>())
            builder.Add(rounds[(int)outcome], state.Rounds(outcome));
        builder.Add(skipped, state.Skipped);
        if (state.Duration is { } seconds)
            builder.Add(duration, seconds.TotalSeconds);
        if (state.Lag is { } learned)
            builder.Add(lag, learned.TotalSeconds);
        if (state.SampleAge is { } newest)
            builder.Add(age, newest.TotalSeconds);
        builder.Add(entities, parts.Accounts.All.Count(each => each.IsActive));
        builder.Add(isolated, parts.Accounts.All.Count(each => each is { IsActive: true, Failures: > 0 }));
        builder.Add(size, parts.Size.Metrics);
        builder.Add(requests, parts.Totals.Requests);
        foreach (var kind in Enum.GetValues<FailureKind>())
            builder.Add(errors[(int)kind], parts.Totals.Errors(kind));
        builder.Add(samples, parts.Totals.Samples);
        builder.Add(values, parts.Totals.Values);
        builder.Add(missing, parts.Totals.MissingValues);
        builder.Add(serverGaps, parts.Totals.ServerGaps);
        builder.Add(retentionGaps, parts.Totals.RetentionGaps);
    }

    private Series Of(MetricDescriptor metric, params string[] labels) => new(metric, host, start, [vcenter, .. labels]);

#pragma warning disable CA1308 // Labels are in lower case.
    private static string Label(Enum value) => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
