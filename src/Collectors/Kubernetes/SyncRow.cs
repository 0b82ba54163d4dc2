using System.Globalization;

namespace Observe.Collectors.Kubernetes;

/// <summary>How well the pods are known, in words.</summary>
internal static class SyncRow
{
    /// <summary>The row's name.</summary>
    public const string Name = "kubernetes";

    /// <summary>Describes it.</summary>
    /// <param name="now">How well.</param>
    /// <param name="access">From whom, and whose pods.</param>
    public static ComponentStatus Of(SyncState now, ClusterAccess access) => now switch
    {
        { Failure: { } failure } => new ComponentStatus(Name, StatusLevel.Degraded, failure.Message, failure.Remedy),
        { Follows: false } => new ComponentStatus(Name, StatusLevel.Degraded, $"the API server {access.ApiServer} has not answered yet", "wait; it is given a minute"),
        // The agent's own pod is one, as a rule.
        { Pods: 0 } => new ComponentStatus(Name, StatusLevel.Degraded, $"the cluster has no pods on a node called {access.Node}",
            "set collectors.kubernetes.node to this node's name, or NODE_NAME by the downward API (spec.nodeName)"),
        _ => new ComponentStatus(Name, StatusLevel.Ok, string.Create(CultureInfo.InvariantCulture, $"{now.Pods} pods of node {access.Node} at {access.ApiServer}")),
    };
}
