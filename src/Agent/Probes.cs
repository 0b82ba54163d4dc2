using Observe.Agent.Check;
using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent;

/// <summary>Everything that <c>observe check</c> looks at, in the order of its table: a new probe is one line here.</summary>
internal static class Probes
{
    public static IEnumerable<IProbe> For(ConfigurationResult configuration, HostPaths paths) => For(configuration, configuration.Options, paths);

    private static IEnumerable<IProbe> For(ConfigurationResult configuration, ObserveOptions options, HostPaths paths) =>
    [
        new KernelProbe(paths),
        new BtfProbe(paths),
        new CapabilityProbe(paths),
        new LockdownProbe(paths),
        new GuestProbe(paths),
        new ClockProbe(),
        new MemlockProbe(paths),
        new CgroupProbe(options.Collectors.Cgroup.Root, paths),
        new LibBpfProbe(),
        new LedgerProbe(options.Collectors.Sched with { Stalls = options.Stalls }, options.Collectors.Cgroup.Root),
        new ListenProbe(options.Listen, paths),
        new DockerProbe(options.Collectors.Docker, TimeProvider.System),
        new KubernetesProbe(options.Collectors.Kubernetes, TimeProvider.System),
        new VCenterProbe(options.Collectors.VCenter, TimeProvider.System),
        new StateDirectoryProbe(options.Collectors.VCenter),
        new OtlpEndpointProbe(configuration.Otlp, TimeProvider.System),
        new OtlpEndpointProbe(configuration.Traces, TimeProvider.System),
    ];
}
