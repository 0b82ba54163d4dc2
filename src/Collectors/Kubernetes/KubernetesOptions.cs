namespace Observe.Collectors.Kubernetes;

/// <summary>Where the pods of this node are learnt from, and what of them.</summary>
public sealed record KubernetesOptions
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/";

    /// <summary>Whether they are.</summary>
    public KubernetesMode Enabled { get; init; } = KubernetesMode.Auto;

    /// <summary>Name of this node in the cluster; null for the environment's NODE_NAME, else the host's name.</summary>
    public string? Node { get; init; }

    /// <summary>Base URL of the API server, https; null for the one that the environment of a pod names.</summary>
    public Uri? ApiServer { get; init; }

    /// <summary>File with the bearer token.</summary>
    public string TokenFile { get; init; } = ServiceAccount + "token";

    /// <summary>PEM file with the certificate authorities that the API server's certificate is checked against.</summary>
    public string CaFile { get; init; } = ServiceAccount + "ca.crt";

    /// <summary>Keys of the pod labels that are taken over.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether to collect here.</summary>
    /// <param name="environment">Value of an environment variable; null if it is not set.</param>
    public bool IsWanted(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Enabled switch
        {
            KubernetesMode.On => true,
            KubernetesMode.Off => false,
            _ => !string.IsNullOrEmpty(environment(ClusterAccess.HostVariable)) && File.Exists(TokenFile),
        };
    }
}
