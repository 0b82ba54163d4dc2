using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Observe.Collectors;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Otlp;

/// <summary>Registers the OTLP export.</summary>
public static class OtlpServices
{
    /// <summary>
    /// Adds the exporter, its status, and the collector that tells how it fares. Needs an <see cref="IMetricSource"/> and the host's
    /// <see cref="Resource"/>; register it after the hosted services that the source needs, because hosted services stop in reverse
    /// order and the last export still collects.
    /// </summary>
    /// <param name="services">The agent's services.</param>
    /// <param name="options">Validated options; without an endpoint nothing is exported.</param>
    public static IServiceCollection AddOtlpExport(this IServiceCollection services, OtlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<OtlpExporterStatus>();
        if (!options.Enabled)
            return services;
        services.AddSingleton<ICollector>(host => new OtlpCollector(
            host.GetRequiredService<OtlpExporterStatus>(), host.GetRequiredService<Resource>(),
            (ulong)host.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000));
        services.AddHostedService<OtlpExporter>();
        return services;
    }
}
