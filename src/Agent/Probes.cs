using Observe.Agent.Check;
using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Options;
using Observe.Collectors.Kvm;

namespace Observe.Agent;

/// <summary>Everything that <c>observe check</c> looks at, in the order of its table: a new probe is one line here.</summary>
internal static class Probes
{
    public static IEnumerable<IProbe> For(ConfigurationResult configuration, HostPaths paths) => For(configuration, configuration.Options, paths);

    private static IEnumerable<IProbe> For(ConfigurationResult configuration, ObserveOptions options, HostPaths paths)
    {
        var collectors = options.Collectors;
        // Who follows vCenters only needs nothing of what BPF takes, and is not told that it is missing.
        var bpf = collectors.Sched.Enabled || collectors.Kvm.Tier == KvmTier.Exits;
        return
        [
            new KernelProbe(paths),
            .. bpf ? (IProbe[])[new BtfProbe(paths), new CapabilityProbe(paths), new LockdownProbe(paths)] : [],
            new GuestProbe(paths),
            new ClockProbe(),
            .. bpf ? (IProbe[])[new MemlockProbe(paths)] : [],
            .. bpf || collectors.Cgroup.Enabled ? (IProbe[])[new CgroupProbe(collectors.Cgroup.Root, paths)] : [],
            .. bpf || collectors.Kvm.Tier != KvmTier.Off ? (IProbe[])[new PidNamespaceProbe(paths)] : [],
            .. bpf ? (IProbe[])[new LibBpfProbe()] : [],
            new LedgerProbe(collectors.Sched with { Stalls = options.Stalls }, collectors.Cgroup.Root),
            new ListenProbe(options.Listen, paths),
            new DockerProbe(collectors.Docker, TimeProvider.System),
            new KubernetesProbe(collectors.Kubernetes, TimeProvider.System),
            new VCenterProbe(collectors.VCenter, TimeProvider.System),
            new StateDirectoryProbe(collectors.VCenter),
            new OtlpEndpointProbe(configuration.Otlp, TimeProvider.System),
            new OtlpEndpointProbe(configuration.Traces, TimeProvider.System),
        ];
    }
}
