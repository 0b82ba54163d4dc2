using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Check;
using Observe.Agent.Configuration.Options;
using Observe.Agent.Export.Otlp;
using Observe.Collectors;
using Observe.Collectors.Events;
using Observe.Collectors.Migrations;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces;
using Observe.Collectors.Traces.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Traces;

/// <summary>Registers spans: what makes them of events, and what pushes them.</summary>
internal static class TraceServices
{
    /// <summary>Adds all of it; what pushes spans only if they are to be pushed. Made of events they are always: the recent past is shown, too.</summary>
    /// <param name="services">The agent's services.</param>
    /// <param name="export">Validated options.</param>
    /// <param name="options">The configuration.</param>
    public static IServiceCollection AddTraces(this IServiceCollection services, OtlpOptions export, ObserveOptions options)
    {
        // Without a vCenter there is nothing that anything could turn out to lie in.
        var hasOperations = options.Collectors.VCenter.Endpoints.Count > 0;
        var timings = hasOperations ? new TraceTimings() : new TraceTimings { Settle = TimeSpan.Zero };
        services
            .AddSingleton<GuestLocation>()
            .AddSingleton<IStallObserver, StallVerdicts>()
            .AddSingleton(host => new TraceSink(
                HostIdentity.Read(host.GetRequiredService<Resource>().Attributes.FirstOrDefault(each => each.Key == "host.id").Value, host.GetRequiredService<HostPaths>().Proc),
                host.GetRequiredService<GuestLocation>(), timings, new SpanSplit([.. host.GetServices<ISpanSink>()]), [.. host.GetServices<IStallObserver>()],
                host.GetRequiredService<LossCounters>(), host.GetRequiredService<MigrationWatch>(), host.GetRequiredService<TimeProvider>(),
                host.GetRequiredService<ILogger<TraceSink>>()))
            .AddSingleton<IEventSink>(host => export.Enabled || hasOperations
                ? host.GetRequiredService<TraceSink>()
                : new StallsWithoutSpans(host.GetRequiredService<TraceSink>(), host.GetRequiredService<ExemplarStore>()));
        return export.Enabled ? services.AddSpanExport(export, options) : services;
    }

    private static IServiceCollection AddSpanExport(this IServiceCollection services, OtlpOptions export, ObserveOptions options) => services
        .AddSingleton(host => new SpanBuffer(options.Traces.MaxSpans, host.GetRequiredService<LossCounters>().Counter("trace_span_dropped")))
        .AddSingleton<ISpanSink>(host => host.GetRequiredService<SpanBuffer>())
        .AddSingleton(_ => new SpanExporterStatus(export))
        // Only where the span can be looked up does an exemplar point at one.
        .AddSingleton<IStallObserver, StallExemplars>()
        .AddSingleton<ICollector>(host => new SpanExportCollector(
            host.GetRequiredService<SpanExporterStatus>(), host.GetRequiredService<SpanBuffer>(), host.GetRequiredService<Resource>(),
            (ulong)host.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000))
        .AddHostedService(host => new SpanExporter(
            export, host.GetRequiredService<SpanBuffer>(), host.GetRequiredService<SpanExporterStatus>(), host.GetRequiredService<Resource>(),
            host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<SpanExporter>>(), host.GetRequiredService<TraceSink>().End,
            host.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
}
