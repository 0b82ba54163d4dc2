namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>What made a pod, and what is to be told of it.</summary>
internal sealed record TrueOwner(string ApiVersion, string Kind, string Name, KeyValuePair<string, string>[] Attributes)
{
    public static TrueOwner Deployment(string name, string hash) => new("apps/v1", "ReplicaSet", $"{name}-{hash}", [new("k8s.replicaset.name", $"{name}-{hash}"), new("k8s.deployment.name", name)]);

    public static TrueOwner ReplicaSet(string name) => new("apps/v1", "ReplicaSet", name, [new("k8s.replicaset.name", name)]);

    public static TrueOwner StatefulSet(string name) => new("apps/v1", "StatefulSet", name, [new("k8s.statefulset.name", name)]);

    public static TrueOwner DaemonSet(string name) => new("apps/v1", "DaemonSet", name, [new("k8s.daemonset.name", name)]);

    public static TrueOwner Job(string name) => new("batch/v1", "Job", name, [new("k8s.job.name", name)]);

    public static TrueOwner CronJob(string name, string time) => new("batch/v1", "Job", $"{name}-{time}", [new("k8s.job.name", $"{name}-{time}"), new("k8s.cronjob.name", name)]);

    /// <summary>Kinds that share a name with one of Kubernetes' own, or are not told.</summary>
    public static TrueOwner Other(string apiVersion, string kind, string name) => new(apiVersion, kind, name, []);
}
