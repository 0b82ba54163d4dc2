namespace Observe.Collectors.Kubernetes;

/// <summary>Whether the Kubernetes API server is asked for pods.</summary>
public enum KubernetesMode
{
    /// <summary>In a pod with a service account, and nowhere else.</summary>
    Auto,

    /// <summary>Yes; what is missing is reported.</summary>
    On,

    /// <summary>No.</summary>
    Off,
}
