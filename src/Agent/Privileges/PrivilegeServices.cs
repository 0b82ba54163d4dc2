using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Configuration.Options;
using Observe.Bpf.Host;
using Observe.Collectors.Kvm;
using Observe.Collectors.Self;

namespace Observe.Agent.Privileges;

/// <summary>Registers what gives up privileges.</summary>
internal static class PrivilegeServices
{
    /// <summary>Adds it.</summary>
    /// <param name="services">The agent's services.</param>
    /// <param name="options">The configuration.</param>
    public static IServiceCollection AddPrivileges(this IServiceCollection services, ObserveOptions options) => services
        .AddSingleton(_ => new AgentPrivileges(options.Privileges.Drop == PrivilegeDropTime.Attached, NeededLater(options)))
        .AddHostedService<PrivilegeDrop>();

    /// <summary>KVM's own counters are behind descriptors of other users' processes, and virtual machines come and go.</summary>
    private static CapabilitySet NeededLater(ObserveOptions options) =>
        options.Collectors.Kvm.Tier == KvmTier.Stats ? CapabilitySet.Of(Capability.SysPtrace, Capability.DacReadSearch) : default;
}
