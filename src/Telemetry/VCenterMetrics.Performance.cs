using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

public static partial class VCenterMetrics
{
    /// <summary>Rounds of asking a vCenter for samples: complete, partial (some were not answered, or there was no time), or failed.</summary>
    public static readonly MetricDescriptor PerformanceRounds = new("observe_vcenter_performance_rounds_total", "observe.vcenter.performance.rounds", "{round}", Counter, Host,
        "Rounds of asking a vCenter for samples: complete, partial (some were not answered, or there was no time), or failed", "vcenter", "outcome");

    /// <summary>Rounds that were due while another was under way, and were left out; the next one asks for their samples too.</summary>
    public static readonly MetricDescriptor PerformanceRoundsSkipped = new("observe_vcenter_performance_rounds_skipped_total", "observe.vcenter.performance.rounds_skipped", "{round}", Counter, Host,
        "Rounds that were due while another was under way, and were left out; the next one asks for their samples too", "vcenter");

    /// <summary>Duration of the last round.</summary>
    public static readonly MetricDescriptor PerformanceRoundDuration = new("observe_vcenter_performance_round_seconds", "observe.vcenter.performance.round", "s", Gauge, Host,
        "Duration of the last round", "vcenter");

    /// <summary>How long after their time samples are there, as learned.</summary>
    public static readonly MetricDescriptor PerformanceLag = new("observe_vcenter_performance_lag_seconds", "observe.vcenter.performance.lag", "s", Gauge, Host,
        "How long after their time samples are there, as learned", "vcenter");

    /// <summary>Age of the newest sample of half of the things at the end of the last round, on the server's clock.</summary>
    public static readonly MetricDescriptor PerformanceSampleAge = new("observe_vcenter_performance_sample_age_seconds", "observe.vcenter.performance.sample_age", "s", Gauge, Host,
        "Age of the newest sample of half of the things at the end of the last round, on the server's clock", "vcenter");

    /// <summary>Virtual machines and hosts that are asked for samples.</summary>
    public static readonly MetricDescriptor PerformanceEntities = new("observe_vcenter_performance_entities", "observe.vcenter.performance.entities", "{entity}", Gauge, Host,
        "Virtual machines and hosts that are asked for samples", "vcenter");

    /// <summary>Virtual machines and hosts for which requests fail: asked alone, and less and less often.</summary>
    public static readonly MetricDescriptor PerformanceIsolated = new("observe_vcenter_performance_isolated_entities", "observe.vcenter.performance.isolated_entities", "{entity}", Gauge, Host,
        "Virtual machines and hosts for which requests fail: asked alone, and less and less often", "vcenter");

    /// <summary>Metrics in one request, at most, as the server allows and bears.</summary>
    public static readonly MetricDescriptor PerformanceBatchMetrics = new("observe_vcenter_performance_batch_metrics", "observe.vcenter.performance.batch_metrics", "{metric}", Gauge, Host,
        "Metrics in one request, at most, as the server allows and bears", "vcenter");

    /// <summary>Requests for samples.</summary>
    public static readonly MetricDescriptor PerformanceRequests = new("observe_vcenter_performance_requests_total", "observe.vcenter.performance.requests", "{request}", Counter, Host,
        "Requests for samples", "vcenter");

    /// <summary>Requests for samples that failed: refused (too much at once), unanswered (no answer, too late, or too long), entity (the server failed on one of them), session (there was another one), malformed.</summary>
    public static readonly MetricDescriptor PerformanceErrors = new("observe_vcenter_performance_errors_total", "observe.vcenter.performance.errors", "{error}", Counter, Host,
        "Requests for samples that failed: refused (too much at once), unanswered (no answer, too late, or too long), entity (the server failed on one of them), session (there was another one), malformed", "vcenter", "reason");

    /// <summary>Samples of 20 s of one thing that were taken in, each with all its values.</summary>
    public static readonly MetricDescriptor PerformanceSamples = new("observe_vcenter_performance_samples_total", "observe.vcenter.performance.samples", "{sample}", Counter, Host,
        "Samples of 20 s of one thing that were taken in, each with all its values", "vcenter");

    /// <summary>Values in them: taken in, or missing, which the server says with -1.</summary>
    public static readonly MetricDescriptor PerformanceValues = new("observe_vcenter_performance_values_total", "observe.vcenter.performance.values", "{value}", Counter, Host,
        "Values in them: taken in, or missing, which the server says with -1", "vcenter", "outcome");

    /// <summary>Samples of 20 s that are missing between two that were taken in: server (it has none), retention (it did not keep them long enough).</summary>
    public static readonly MetricDescriptor PerformanceGaps = new("observe_vcenter_performance_gaps_total", "observe.vcenter.performance.gaps", "{sample}", Counter, Host,
        "Samples of 20 s that are missing between two that were taken in: server (it has none), retention (it did not keep them long enough)", "vcenter", "reason");

    private static MetricDescriptor[] PerformanceSelf =>
    [
        PerformanceRounds, PerformanceRoundsSkipped, PerformanceRoundDuration, PerformanceLag, PerformanceSampleAge, PerformanceEntities,
        PerformanceIsolated, PerformanceBatchMetrics, PerformanceRequests, PerformanceErrors, PerformanceSamples, PerformanceValues, PerformanceGaps,
    ];

    private static MetricDescriptor[] PerformanceMetrics => [.. VmSamples, .. HostSamples, .. PerformanceSelf];
}
