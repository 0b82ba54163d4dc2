using Observe.Collectors.Docker;
using Observe.Collectors.Kubernetes;
using Observe.Collectors.Kvm;
using Observe.Collectors.Sched;
using Observe.Collectors.VCenter;

namespace Observe.Agent.Configuration.Options;

/// <summary>What is collected.</summary>
public sealed record CollectorsOptions
{
    /// <summary>
    /// How long one collector may take before the collection goes on without it. Half of Prometheus' default scrape timeout,
    /// so that one stuck source does not cost a scrape.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The scheduler ledger.</summary>
    public SchedOptions Sched { get; init; } = new();

    /// <summary>The cgroup file system.</summary>
    public CgroupOptions Cgroup { get; init; } = new();

    /// <summary>Virtual machines.</summary>
    public KvmOptions Kvm { get; init; } = new();

    /// <summary>The container engine.</summary>
    public DockerOptions Docker { get; init; } = new();

    /// <summary>Pods of this node, from the Kubernetes API server.</summary>
    public KubernetesOptions Kubernetes { get; init; } = new();

    /// <summary>vCenters and ESXi hosts.</summary>
    public VCenterOptions VCenter { get; init; } = new();
}
