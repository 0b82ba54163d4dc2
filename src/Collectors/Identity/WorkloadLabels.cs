using Observe.Telemetry.Model;

namespace Observe.Collectors.Identity;

/// <summary>
/// What a workload is called: its path's identity and what sources of facts add. Labels of series are decided once, when somebody
/// asks for <see cref="Resource"/>, and do not change after: a series never splits. What is learnt later stands on the info
/// metric. One instance a container, over all its restarts.
/// </summary>
public sealed class WorkloadLabels
{
    /// <summary>Attributes that stand on every series of a workload that has them, beside its three own labels.</summary>
    private static readonly string[] PromotedAttributes = ["k8s.namespace.name", "k8s.pod.name", "k8s.container.name"];

    private readonly Lock gate = new();
    private readonly Func<WorkloadLabels, bool> isAwaited;
    private WorkloadIdentity identity;
    private IReadOnlyList<IdentityFacts> facts = [];
    private volatile Resource? resource;
    private volatile IReadOnlyList<Label>? infoLabels;
    private string? settledName;

    /// <summary>Begins with what is known so far.</summary>
    /// <param name="identity">By the path, or by what stands for one.</param>
    /// <param name="id">The identity's id, made unique.</param>
    /// <param name="madeAt">Now, as a timestamp of the registry's clock.</param>
    /// <param name="isAwaited">Whether somebody is still expected to name it.</param>
    internal WorkloadLabels(WorkloadIdentity identity, string id, long madeAt, Func<WorkloadLabels, bool> isAwaited)
    {
        MadeAt = madeAt;
        this.identity = identity;
        this.isAwaited = isAwaited;
        Id = id;
    }

    /// <summary>What sort of thing it is.</summary>
    public WorkloadKind Kind => identity.Kind;

    /// <summary>What stands between it and the host's kernel; null where that is not one thing, or is not known.</summary>
    public WorkloadIsolation? Isolation => identity.Isolation;

    /// <summary>Short and stable; with <see cref="Kind"/> unique among the live workloads of a registry.</summary>
    public string Id { get; }

    /// <summary>For people; not unique. The best that is known, and what the labels say once they are decided.</summary>
    public string Name
    {
        get
        {
            lock (gate)
                return settledName ?? BestName();
        }
    }

    /// <summary>Whether a cgroup of it has been seen, and its path is among the attributes.</summary>
    public bool HasCgroup => identity.Attribute("observe.cgroup.path") is not null;

    /// <summary>Whether series may be made: the labels are decided, or nobody is expected to add to them any more.</summary>
    public bool IsSettled => resource is not null || !isAwaited(this);

    /// <summary>Labels of every series, and all attributes. Asking for it decides them.</summary>
    public Resource Resource => resource ?? Settle();

    /// <summary>What the info metric says beyond the labels of every series: the attributes, dots turned into underscores. Another instance when it changes.</summary>
    public IReadOnlyList<Label> InfoLabels => infoLabels ?? MakeInfoLabels();

    internal WorkloadIdentity Identity => identity;

    internal long MadeAt { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.ToLabel()} {Name} ({Id})";

    /// <summary>Replaces what is known besides the path.</summary>
    /// <param name="known">The weakest first.</param>
    internal void Learn(IReadOnlyList<IdentityFacts> known)
    {
        lock (gate)
        {
            facts = known;
            infoLabels = null;
        }
    }

    /// <summary>The path is known now.</summary>
    /// <param name="known">By the path.</param>
    internal void Learn(WorkloadIdentity known)
    {
        lock (gate)
        {
            identity = known;
            infoLabels = null;
        }
    }

    private Resource Settle()
    {
        lock (gate)
        {
            if (resource is not null)
                return resource;
            var attributes = Attributes();
            settledName = BestName();
            Label[] labels = [new("workload", settledName), new("workload_kind", Kind.ToLabel()), new("workload_id", Id), .. Promoted(attributes)];
            return resource = new Resource(
                [new("workload", settledName), new("workload.kind", Kind.ToLabel()), new("workload.id", Id), .. attributes], labels);
        }
    }

    private IReadOnlyList<Label> MakeInfoLabels()
    {
        var labels = Resource.Labels;
        lock (gate)
        {
            var names = labels.Select(label => label.Name).ToHashSet(StringComparer.Ordinal);
            // Two attributes whose names differ only in what a label cannot hold: the first stands.
            return infoLabels = [.. Attributes().Select(attribute => new Label(LabelName(attribute.Key), attribute.Value)).Where(label => names.Add(label.Name))];
        }
    }

    private string BestName()
    {
        for (var i = facts.Count - 1; i >= 0; i--)
        {
            if (facts[i].Name is { Length: > 0 } name)
                return WorkloadIdentity.WellFormed(name, WorkloadIdentity.MaxNameLength);
        }
        return identity.Name;
    }

    private List<KeyValuePair<string, string>> Attributes()
    {
        List<KeyValuePair<string, string>> merged = Isolation is { } known ? [new("workload.isolation", known.ToLabel())] : [];
        merged.AddRange(identity.Attributes);
        foreach (var (key, value) in facts.SelectMany(each => each.Attributes))
        {
            var sound = new KeyValuePair<string, string>(key, WorkloadIdentity.WellFormed(value, WorkloadIdentity.MaxValueLength));
            var place = merged.FindIndex(each => each.Key == key);
            if (place < 0)
                merged.Add(sound);
            else
                merged[place] = sound;
        }
        return merged;
    }

    /// <summary>Dots become underscores, and so does what else a label's name cannot hold: the keys of container and pod labels are anything.</summary>
    private static string LabelName(string attribute) => string.Create(attribute.Length, attribute, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
    });

    private static IEnumerable<Label> Promoted(List<KeyValuePair<string, string>> attributes) =>
        from name in PromotedAttributes
        from attribute in attributes
        where attribute.Key == name
        select new Label(LabelName(name), attribute.Value);
}
