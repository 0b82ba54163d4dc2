using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Check;
using Observe.Agent.Configuration.Options;
using Observe.Collectors;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;

namespace Observe.Agent;

/// <summary>Every collector, in the order in which they run: a new one is one line here.</summary>
internal static class Collectors
{
    public static IServiceCollection AddCollectors(this IServiceCollection services, ObserveOptions options) => services
        .AddCollector(true, host => new SelfCollector(
            host.GetRequiredService<Resource>(), host.GetRequiredService<LossCounters>(), AgentVersion.Number, host.GetRequiredService<HostPaths>().KernelRelease, libbpfVersion: ""));

    /// <summary>Adds a collector, unless it is switched off: then nothing of it is even made.</summary>
    private static IServiceCollection AddCollector<T>(this IServiceCollection services, bool enabled, Func<IServiceProvider, T> make)
        where T : class, ICollector => enabled ? services.AddSingleton<ICollector>(make) : services;
}
