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
using Observe.Collectors.Traces;
using Observe.Collectors.Traces.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Traces;

/// <summary>Registers spans: what makes them of events, and what pushes them.</summary>
internal static class TraceServices
{
    /// <summary>
    /// Adds all of it, if spans are to be pushed. If not, and a vCenter is watched, what finds out about migrations of this machine, which are metrics too;
    /// else nothing is even made.
    /// </summary>
    /// <param name="services">The agent's services.</param>
    /// <param name="export">Validated options.</param>
    /// <param name="options">The configuration.</param>
    public static IServiceCollection AddTraces(this IServiceCollection services, OtlpOptions export, ObserveOptions options)
    {
        services.AddSingleton<GuestLocation>();
        var watches = options.Collectors.VCenter.Endpoints.Count > 0;
        if (!export.Enabled)
            return watches ? services.AddSingleton<IEventSink>(host => Sink(host, new TraceTimings(), new NoSpans(), [])) : services;
        // Without a vCenter there is nothing that anything could turn out to lie in.
        var timings = watches ? new TraceTimings() : new TraceTimings { Settle = TimeSpan.Zero };
        return services
            .AddSingleton(host => new SpanBuffer(options.Traces.MaxSpans, host.GetRequiredService<LossCounters>().Counter("trace_span_dropped")))
            .AddSingleton(_ => new SpanExporterStatus(export))
            .AddSingleton<IStallObserver, StallExemplars>()
            .AddSingleton(host => Sink(host, timings, host.GetRequiredService<SpanBuffer>(), [.. host.GetServices<IStallObserver>()]))
            .AddSingleton<IEventSink>(host => host.GetRequiredService<TraceSink>())
            .AddSingleton<ICollector>(host => new SpanExportCollector(
                host.GetRequiredService<SpanExporterStatus>(), host.GetRequiredService<SpanBuffer>(), host.GetRequiredService<Resource>(),
                (ulong)host.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000))
            .AddHostedService(host => new SpanExporter(
                export, host.GetRequiredService<SpanBuffer>(), host.GetRequiredService<SpanExporterStatus>(), host.GetRequiredService<Resource>(),
                host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<SpanExporter>>(), host.GetRequiredService<TraceSink>().End,
                host.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
    }

    private static TraceSink Sink(IServiceProvider host, TraceTimings timings, ISpanSink spans, IReadOnlyList<IStallObserver> observers) => new(
        HostIdentity.Read(host.GetRequiredService<Resource>().Attributes.FirstOrDefault(each => each.Key == "host.id").Value, host.GetRequiredService<HostPaths>().Proc),
        host.GetRequiredService<GuestLocation>(), timings, spans, observers, host.GetRequiredService<LossCounters>(), host.GetRequiredService<MigrationWatch>(),
        host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<TraceSink>>());

    /// <summary>Nobody takes spans.</summary>
    private sealed class NoSpans : ISpanSink
    {
        public void Offer(ObservedSpan span)
        {
        }
    }
}
