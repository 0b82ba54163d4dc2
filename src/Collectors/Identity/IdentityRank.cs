namespace Observe.Collectors.Identity;

/// <summary>Whose word counts where two sources name the same attribute: the later in this list. The path of the cgroup comes before all.</summary>
public enum IdentityRank
{
    /// <summary>The command line of a virtual machine's monitor.</summary>
    Vmm,

    /// <summary>The container engine.</summary>
    Docker,

    /// <summary>Who told the engine what to run.</summary>
    Kubernetes,
}
