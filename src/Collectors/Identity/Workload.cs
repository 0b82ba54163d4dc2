using Observe.Telemetry.Model;

namespace Observe.Collectors.Identity;

/// <summary>
/// What time is charged to. One instance a life: a workload that died and came back is another instance, so that its
/// counters start anew. Compared by reference.
/// </summary>
public sealed class Workload
{
    /// <summary>Attributes that stand on every series of a workload that has them, beside its three own labels.</summary>
    private static readonly string[] PromotedAttributes = ["k8s.namespace.name", "k8s.pod.name", "k8s.container.name"];

    internal Workload(WorkloadIdentity identity, string id, ulong startTimeUnixNano)
    {
        Kind = identity.Kind;
        Name = identity.Name;
        Id = id;
        Isolation = identity.Isolation;
        CgroupPath = identity.Key;
        StartTimeUnixNano = startTimeUnixNano;
        Label[] labels = [new("workload", Name), new("workload_kind", Kind.ToLabel()), new("workload_id", Id), .. Promoted(identity.Attributes)];
        KeyValuePair<string, string>[] isolation = Isolation is { } known ? [new("workload.isolation", known.ToLabel())] : [];
        Resource = new Resource(
            [new("workload", Name), new("workload.kind", Kind.ToLabel()), new("workload.id", Id), .. isolation, .. identity.Attributes], labels);
        InfoLabels = [.. Resource.Attributes.Select(attribute => new Label(LabelName(attribute.Key), attribute.Value)).Except(labels)];
    }

    /// <summary>What sort of thing it is.</summary>
    public WorkloadKind Kind { get; }

    /// <summary>What stands between it and the host's kernel; null where that is not one thing, or is not known.</summary>
    public WorkloadIsolation? Isolation { get; }

    /// <summary>For people; not unique.</summary>
    public string Name { get; }

    /// <summary>Short and stable; with <see cref="Kind"/> and <see cref="Name"/> unique among the live workloads of a registry.</summary>
    public string Id { get; }

    /// <summary>Path of the cgroup that gives the identity; empty for those that are no cgroup.</summary>
    public string CgroupPath { get; }

    /// <summary>When its first known cgroup was made, ns since the Unix epoch; 0 for those that are no cgroup.</summary>
    public ulong StartTimeUnixNano { get; }

    /// <summary>Labels of every series, and all attributes.</summary>
    public Resource Resource { get; }

    /// <summary>What the info metric says beyond the labels of every series: the attributes, dots turned into underscores.</summary>
    public IReadOnlyList<Label> InfoLabels { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.ToLabel()} {Name} ({Id})";

    private static string LabelName(string attribute) => attribute.Replace('.', '_');

    private static IEnumerable<Label> Promoted(IReadOnlyList<KeyValuePair<string, string>> attributes) =>
        from name in PromotedAttributes
        from attribute in attributes
        where attribute.Key == name
        select new Label(LabelName(name), attribute.Value);
}
