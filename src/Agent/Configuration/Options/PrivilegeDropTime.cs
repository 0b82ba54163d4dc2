namespace Observe.Agent.Configuration.Options;

/// <summary>When the agent gives up the privileges it does not need any more.</summary>
public enum PrivilegeDropTime
{
    /// <summary>Never: what comes later, KVM among it, can be attached to.</summary>
    Never,

    /// <summary>When everything is attached that this host has now, after the first collection.</summary>
    Attached,
}
