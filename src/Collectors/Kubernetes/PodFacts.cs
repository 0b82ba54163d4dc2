using Observe.Collectors.Identity;
using Observe.Collectors.Kubernetes.Api;

namespace Observe.Collectors.Kubernetes;

/// <summary>What a pod says of itself and its containers, as facts under OpenTelemetry names.</summary>
/// <param name="node">Name of the node.</param>
/// <param name="labels">Keys of the pod labels that are taken over.</param>
internal sealed class PodFacts(string node, IReadOnlyList<string> labels)
{
    /// <summary>On a pod that the kubelet has from a file: what it calls the pod in cgroup paths. Its uid is only the mirror's in the API.</summary>
    private const string StaticUid = "kubernetes.io/config.hash";

    /// <summary>All that can be told; a subject may come twice, with the same facts.</summary>
    /// <param name="pod">A pod with name, namespace and uid.</param>
    public List<KeyValuePair<IdentitySubject, IdentityFacts>> Of(Pod pod)
    {
        var meta = pod.Metadata!;
        var attributes = OfPod(meta);
        var itself = new IdentityFacts(meta.Name, attributes);
        List<KeyValuePair<IdentitySubject, IdentityFacts>> told = [new(IdentitySubject.Pod(meta.Uid!), itself)];
        // Anybody may annotate a pod. With dashes it would be the uid of another pod in the API, which is not theirs to name.
        if (meta.Annotations?.GetValueOrDefault(StaticUid) is { Length: > 0 } hash && !hash.Contains('-', StringComparison.Ordinal))
            told.Add(new(IdentitySubject.Pod(hash), itself));
        foreach (var container in ContainersOf(pod.Status))
        {
            var facts = OfContainer(meta, attributes, container);
            foreach (var id in IdsOf(container))
                told.Add(new(IdentitySubject.Container(id), facts));
        }
        return told;
    }

    private List<KeyValuePair<string, string>> OfPod(ObjectMeta pod)
    {
        List<KeyValuePair<string, string>> attributes =
        [
            new("k8s.namespace.name", pod.Namespace!), new("k8s.pod.name", pod.Name!), new("k8s.pod.uid", pod.Uid!), new("k8s.node.name", node),
        ];
        PodOwner.Add(attributes, pod);
        foreach (var key in labels)
        {
            if (pod.Labels?.GetValueOrDefault(key) is { } value)
                attributes.Add(new($"k8s.pod.label.{key}", value));
        }
        return attributes;
    }

    private static IdentityFacts OfContainer(ObjectMeta pod, List<KeyValuePair<string, string>> ofPod, ContainerStatus container)
    {
        List<KeyValuePair<string, string>> attributes = [.. ofPod, new("k8s.container.name", container.Name!), new("container.name", container.Name!)];
        if (container.Image is { Length: > 0 } image)
            attributes.Add(new("container.image.name", image));
        return new IdentityFacts($"{pod.Name}/{container.Name}", attributes);
    }

    /// <summary>All containers that a status mentions.</summary>
    /// <param name="status">The status; null: none.</param>
    public static IEnumerable<ContainerStatus> ContainersOf(PodStatus? status) =>
        from statuses in new[] { status?.InitContainerStatuses, status?.ContainerStatuses, status?.EphemeralContainerStatuses }
        from container in statuses ?? []
        where container is { Name.Length: > 0 }
        select container;

    /// <summary>Of its present life and the one before, without the runtime's name.</summary>
    private static IEnumerable<string> IdsOf(ContainerStatus container) =>
        from id in new[] { container.ContainerID, container.State?.Terminated?.ContainerID, container.LastState?.Terminated?.ContainerID }
        let bare = Bare(id)
        where bare is not null
        select bare;

    /// <summary>A container's id without the runtime's name; null if there is none.</summary>
    /// <param name="id">As a status has it.</param>
    public static string? Bare(string? id)
    {
        if (string.IsNullOrEmpty(id))
            return null;
        var scheme = id.IndexOf("://", StringComparison.Ordinal);
        var bare = scheme < 0 ? id : id[(scheme + 3)..];
        return bare.Length > 0 ? bare : null;
    }
}
