namespace Observe.Collectors.Kubernetes;

/// <summary>How the cluster is reached, and who this node is in it: the options, and from the environment what they leave open.</summary>
/// <param name="ApiServer">Base URL, https; null if neither says where it is.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="TokenFile">File with the bearer token.</param>
/// <param name="CaFile">PEM file with the certificate authorities.</param>
internal sealed record ClusterAccess(Uri? ApiServer, string Node, string TokenFile, string CaFile)
{
    /// <summary>Set in every pod, with <see cref="PortVariable"/>: the address of the API server's Service.</summary>
    public const string HostVariable = "KUBERNETES_SERVICE_HOST";

    private const string PortVariable = "KUBERNETES_SERVICE_PORT";
    private const string NodeVariable = "NODE_NAME";

    /// <summary>Fills in what is not configured.</summary>
    /// <param name="options">What is.</param>
    /// <param name="environment">Value of an environment variable; null if it is not set.</param>
    public static ClusterAccess Of(KubernetesOptions options, Func<string, string?> environment) => new(
        options.ApiServer ?? InCluster(environment(HostVariable), environment(PortVariable)),
        // The kubelet's own rule for the name it registers under, if nobody tells it another.
        options.Node ?? NonEmpty(environment(NodeVariable)) ?? Environment.MachineName.ToLowerInvariant(),
        options.TokenFile, options.CaFile);

    private static Uri? InCluster(string? host, string? port)
    {
        if (NonEmpty(host) is null)
            return null;
        var authority = host!.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;
        return Uri.TryCreate($"https://{authority}:{NonEmpty(port) ?? "443"}", UriKind.Absolute, out var url) ? url : null;
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
