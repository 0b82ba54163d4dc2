using Observe.Collectors.Kubernetes.Api;

namespace Observe.Collectors.Kubernetes;

/// <summary>What made a pod, and what made that, as far as names tell: nothing but pods is asked for.</summary>
internal static class PodOwner
{
    /// <summary>Put on pods and ReplicaSets by the Deployment controller, which names the ReplicaSet <c>&lt;deployment&gt;-&lt;hash&gt;</c>.</summary>
    private const string TemplateHash = "pod-template-hash";

    /// <summary>Adds the owner's name, and its owner's.</summary>
    /// <param name="attributes">Where to.</param>
    /// <param name="pod">Whose.</param>
    public static void Add(List<KeyValuePair<string, string>> attributes, ObjectMeta pod)
    {
        if (pod.OwnerReferences?.FirstOrDefault(each => each is { Controller: true }) is not { Name: { Length: > 0 } name } owner)
            return;
        // Others have kinds of the same names.
        switch (owner.ApiVersion?.Split('/')[0], owner.Kind)
        {
            case ("apps", "ReplicaSet"):
                attributes.Add(new("k8s.replicaset.name", name));
                if (DeploymentOf(name, pod.Labels?.GetValueOrDefault(TemplateHash)) is { } deployment)
                    attributes.Add(new("k8s.deployment.name", deployment));
                break;
            case ("apps", "StatefulSet"):
                attributes.Add(new("k8s.statefulset.name", name));
                break;
            case ("apps", "DaemonSet"):
                attributes.Add(new("k8s.daemonset.name", name));
                break;
            case ("batch", "Job"):
                attributes.Add(new("k8s.job.name", name));
                if (CronJobOf(name) is { } cronJob)
                    attributes.Add(new("k8s.cronjob.name", cronJob));
                break;
        }
    }

    private static string? DeploymentOf(string replicaSet, string? hash) =>
        hash is { Length: > 0 } && replicaSet.EndsWith(hash, StringComparison.Ordinal) ? Stem(replicaSet, hash.Length) : null;

    /// <summary>The CronJob controller appends the scheduled time, in minutes since 1970 (8 digits), before 1.21 in seconds (10).</summary>
    private static string? CronJobOf(string job)
    {
        var digits = job.Length - 1 - job.AsSpan().LastIndexOfAnyExceptInRange('0', '9');
        return digits is >= 8 and <= 10 ? Stem(job, digits) : null;
    }

    /// <summary>The name without its suffix and the dash before that; null if there is no dash, or nothing before it.</summary>
    private static string? Stem(string name, int suffix)
    {
        var dash = name.Length - suffix - 1;
        return dash > 0 && name[dash] == '-' ? name[..dash] : null;
    }
}
