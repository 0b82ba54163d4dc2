namespace Observe.Collectors.Identity;

/// <summary>Who a cgroup is, as far as its path tells.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Name">For people: the <c>workload</c> label. Different workloads may share it.</param>
/// <param name="Id">Short and the same after every restart of the agent: the <c>workload_id</c> label.</param>
/// <param name="Key">Path of the cgroup that gives the identity. What lies beneath it and is no workload of its own has the same key.</param>
/// <param name="Attributes">Everything known, under OpenTelemetry attribute names.</param>
public sealed record WorkloadIdentity(
    WorkloadKind Kind, string Name, string Id, string Key, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    /// <summary>Digits of a container id that people and tools show (<c>docker ps</c>, <c>crictl ps</c> shows one more).</summary>
    private const int ShortIdLength = 12;

    /// <summary>Longest unit name used as an id; a longer one is replaced by the hash of its path.</summary>
    private const int MaxIdLength = 64;

    /// <summary>Longest name, in UTF-16 units; what is longer ends in <c>...</c></summary>
    internal const int MaxNameLength = 128;

    /// <summary>Longest value of an attribute, in UTF-16 units: the kernel's PATH_MAX.</summary>
    internal const int MaxValueLength = 4096;

    /// <summary>What stands between it and the host's kernel; null where that is not one thing, or is not known.</summary>
    public WorkloadIsolation? Isolation { get; init; }

    /// <summary>The value of an attribute; null if it has none of that name.</summary>
    /// <param name="name">OpenTelemetry attribute name.</param>
    public string? Attribute(string name)
    {
        foreach (var (key, value) in Attributes)
        {
            if (key == name)
                return value;
        }
        return null;
    }

    /// <summary>A container of which no cgroup is known: stopped, or nobody tells of cgroups.</summary>
    /// <param name="id">Its full id.</param>
    internal static WorkloadIdentity OfContainer(string id)
    {
        var shortened = id.Length > ShortIdLength ? id[..ShortIdLength] : id;
        return new WorkloadIdentity(WorkloadKind.Container, shortened, shortened, id, [new("container.id", id)]);
    }

    internal static WorkloadIdentity From(string path, in CgroupMatch match)
    {
        var key = match.KeyLength == 0 ? "/" : match.KeyLength == path.Length ? path : path[..match.KeyLength];
        var raw = path.AsSpan()[match.Id];
        var attributes = new List<KeyValuePair<string, string>>(6);
        var (name, id) = match.Form switch
        {
            CgroupForm.Pod => NamePod(raw),
            CgroupForm.RandomId => NameRandom(raw, match, attributes),
            CgroupForm.Named => NameMachine(raw, match, attributes),
            CgroupForm.Unit => NameUnit(raw, key, path.AsSpan()[match.UserId], attributes),
            _ => NamePlain(key),
        };
        Add(attributes, "k8s.pod.uid", path.AsSpan()[match.PodUid].ToString().Replace('_', '-'));
        Add(attributes, "observe.container.outer.id", path.AsSpan()[match.OuterId].ToString());
        Add(attributes, "observe.user.id", path.AsSpan()[match.UserId].ToString());
        Add(attributes, "observe.cgroup.path", key);
        return new WorkloadIdentity(match.Kind, name, id, key, attributes) { Isolation = WorkloadIsolationExtensions.IsolationOf(path, match) };
    }

    private static (string Name, string Id) NamePod(ReadOnlySpan<char> uid)
    {
        var text = uid.ToString().Replace('_', '-');
        return (text, text);
    }

    private static (string Name, string Id) NameRandom(ReadOnlySpan<char> raw, in CgroupMatch match, List<KeyValuePair<string, string>> attributes)
    {
        var full = raw.ToString();
        var id = full[..ShortIdLength];
        switch (match.Kind)
        {
            case WorkloadKind.Container:
                attributes.Add(new("container.id", full));
                Add(attributes, "container.runtime.name", match.Runtime ?? "");
                break;
            case WorkloadKind.Pod:
                attributes.Add(new("observe.podman.pod.id", full));
                break;
            default:
                attributes.Add(new("observe.vm.id", full));
                Add(attributes, "observe.vm.hypervisor", match.Runtime ?? "");
                break;
        }
        return (id, id);
    }

    private static (string Name, string Id) NameMachine(ReadOnlySpan<char> raw, in CgroupMatch match, List<KeyValuePair<string, string>> attributes)
    {
        var name = WellFormed(SystemdName.Unescape(raw), MaxNameLength);
        if (match.Kind == WorkloadKind.Vm)
        {
            attributes.Add(new("observe.vm.name", name));
            Add(attributes, "observe.vm.hypervisor", match.Runtime ?? "");
        }
        else
        {
            attributes.Add(new("container.name", name));
            Add(attributes, "container.runtime.name", match.Runtime ?? "");
        }
        return (name, name.Length <= MaxIdLength ? name : StableHash.Of(raw));
    }

    private static (string Name, string Id) NameUnit(ReadOnlySpan<char> raw, string key, ReadOnlySpan<char> user, List<KeyValuePair<string, string>> attributes)
    {
        var unit = raw.ToString();
        attributes.Add(new("observe.systemd.unit", unit));
        var shown = ShortenRandomId(unit);
        // The same unit of two users' managers is two workloads.
        var id = user.IsEmpty ? shown : $"{user}/{shown}";
        return (WellFormed(SystemdName.Unescape(shown), MaxNameLength), id.Length <= MaxIdLength ? id : StableHash.Of(key));
    }

    private static (string Name, string Id) NamePlain(string key) =>
        key == "/" ? ("/", "/") : (WellFormed(key.TrimStart('/'), MaxNameLength), StableHash.Of(key));

    /// <summary><c>crio-conmon-&lt;64 digits&gt;.scope</c> becomes <c>crio-conmon-&lt;12 digits&gt;</c>.</summary>
    private static string ShortenRandomId(string unit)
    {
        var stem = unit.LastIndexOf('.');
        var start = stem - CgroupPathParser.ContainerIdLength;
        return start > 0 && CgroupPathParser.IsLowerHex(unit.AsSpan(start, CgroupPathParser.ContainerIdLength)) ? unit[..(start + ShortIdLength)] : unit;
    }

    /// <summary>Text that every exporter can encode: no control characters, no half surrogate pairs, no longer than <paramref name="limit"/>.</summary>
    internal static string WellFormed(string text, int limit)
    {
        const string ellipsis = "...";
        var cut = text.Length <= limit ? text : string.Concat(text.AsSpan(0, limit - ellipsis.Length), ellipsis);
        for (var i = 0; i < cut.Length; i++)
        {
            if (!IsSound(cut, i))
                return string.Create(cut.Length, cut, static (to, from) => Replace(from, to));
        }
        return cut;
    }

    private static void Replace(string from, Span<char> to)
    {
        const char replacement = '\uFFFD';
        for (var i = 0; i < from.Length; i++)
            to[i] = IsSound(from, i) ? from[i] : replacement;
    }

    private static bool IsSound(string text, int i) => text[i] switch
    {
        var c when char.IsControl(c) => false,
        var c when char.IsHighSurrogate(c) => i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]),
        var c when char.IsLowSurrogate(c) => i > 0 && char.IsHighSurrogate(text[i - 1]),
        _ => true,
    };

    private static void Add(List<KeyValuePair<string, string>> attributes, string name, string value)
    {
        if (value.Length > 0)
            attributes.Add(new(name, WellFormed(value, MaxValueLength)));
    }
}
