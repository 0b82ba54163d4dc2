namespace Observe.Collectors.Identity;

/// <summary>How a <see cref="CgroupMatch"/> was recognised, which decides how it is named.</summary>
internal enum CgroupForm
{
    /// <summary>Nothing known: named by its path.</summary>
    Plain,

    /// <summary>A systemd unit.</summary>
    Unit,

    /// <summary>A container or podman pod with a long random id.</summary>
    RandomId,

    /// <summary>A container or VM with a name that somebody gave it.</summary>
    Named,

    /// <summary>A Kubernetes pod.</summary>
    Pod,
}
