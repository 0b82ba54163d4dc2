using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Observe.Agent.Export.Otlp;

/// <summary>Registers the OTLP export.</summary>
public static class OtlpServices
{
    /// <summary>
    /// Adds the exporter and its status. Needs an <see cref="IMetricSource"/>; register it after the services that the source needs, because
    /// hosted services stop in reverse order and the last export still collects.
    /// </summary>
    /// <param name="services">The agent's services.</param>
    /// <param name="options">Validated options; without an endpoint nothing is exported.</param>
    public static IServiceCollection AddOtlpExport(this IServiceCollection services, OtlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<OtlpExporterStatus>();
        if (options.Enabled)
            services.AddHostedService<OtlpExporter>();
        return services;
    }
}
