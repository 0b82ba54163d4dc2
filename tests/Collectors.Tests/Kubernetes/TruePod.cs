using System.Text.Json.Nodes;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>A pod as the cluster knows it, and what must be told of it: written down by who made it, not derived from its names.</summary>
internal sealed record TruePod(string Namespace, string Name, string Uid, string Node)
{
    public string? StaticUid { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public TrueOwner? Owner { get; init; }

    public IReadOnlyList<TrueContainer> Containers { get; init; } = [];

    /// <summary>Changes with each heartbeat of the kubelet, and concerns nobody.</summary>
    public int Heartbeat { get; init; }

    /// <summary>Every subject, with its name and its attributes but for those that the path tells.</summary>
    public IEnumerable<(IdentitySubject Subject, string Name, SortedDictionary<string, string> Attributes)> Facts(IEnumerable<string> labels)
    {
        var ofPod = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["k8s.namespace.name"] = Namespace,
            ["k8s.pod.name"] = Name,
            ["k8s.pod.uid"] = Uid,
            ["k8s.node.name"] = Node,
        };
        foreach (var (key, value) in Owner?.Attributes ?? [])
            ofPod.Add(key, value);
        foreach (var key in labels.Where(Labels.ContainsKey))
            ofPod.Add($"k8s.pod.label.{key}", Labels[key]);
        yield return (IdentitySubject.Pod(Uid), Name, ofPod);
        if (StaticUid is not null)
            yield return (IdentitySubject.Pod(StaticUid), Name, ofPod);
        foreach (var container in Containers)
        {
            foreach (var id in container.Ids)
            {
                var attributes = new SortedDictionary<string, string>(ofPod, StringComparer.Ordinal)
                {
                    ["k8s.container.name"] = container.Name,
                    ["container.name"] = container.Name,
                    ["container.image.name"] = container.Image,
                };
                yield return (IdentitySubject.Container(id), $"{Name}/{container.Name}", attributes);
            }
        }
    }

    /// <summary>As the API server writes it, with much that nobody reads.</summary>
    public string ToJson(long version)
    {
        var meta = new JsonObject
        {
            ["name"] = Name,
            ["generateName"] = Name[..^1],
            ["namespace"] = Namespace,
            ["uid"] = Uid,
            ["resourceVersion"] = $"{version}",
            ["creationTimestamp"] = "2026-01-02T03:04:05Z",
            ["labels"] = Map(Labels),
            ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kubelet", ["fieldsV1"] = new JsonObject { ["f:status"] = new JsonObject { ["f:name"] = new JsonObject() } } }),
        };
        if (StaticUid is not null)
            meta["annotations"] = new JsonObject { ["kubernetes.io/config.hash"] = StaticUid, ["kubernetes.io/config.mirror"] = StaticUid, ["kubernetes.io/config.source"] = "file" };
        if (Owner is not null)
        {
            meta["ownerReferences"] = new JsonArray(
                new JsonObject { ["apiVersion"] = "example.com/v1", ["kind"] = "ReplicaSet", ["name"] = "not-the-controller", ["uid"] = "0" },
                new JsonObject { ["apiVersion"] = Owner.ApiVersion, ["kind"] = Owner.Kind, ["name"] = Owner.Name, ["uid"] = "1", ["controller"] = true, ["blockOwnerDeletion"] = true });
        }
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["podIP"] = "10.1.2.3",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastProbeTime"] = null, ["message"] = $"{Heartbeat}" }),
        };
        foreach (var group in Containers.GroupBy(each => each.Group))
            status[group.Key] = new JsonArray([.. group.Select(each => each.ToJson())]);
        return new JsonObject { ["metadata"] = meta, ["spec"] = new JsonObject { ["nodeName"] = Node, ["containers"] = new JsonArray() }, ["status"] = status }.ToJsonString();
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> map) => new(map.Select(each => new KeyValuePair<string, JsonNode?>(each.Key, each.Value)));
}
