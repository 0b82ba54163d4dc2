using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>Makes, changes and deletes pods of two nodes, and knows what must be known of one of them.</summary>
internal sealed class RandomPods(Cluster cluster, Random random)
{
    private const int Most = 70;
    private static readonly string[] Groups = [TrueContainer.Init, TrueContainer.Regular, TrueContainer.Regular, TrueContainer.Ephemeral];
    private readonly List<TruePod> pods = [];
    private int made;

    /// <summary>Every subject of the node that there ever was.</summary>
    public HashSet<IdentitySubject> Mentioned { get; } = [];

    public IEnumerable<TruePod> OnNode => pods.Where(each => each.Node == Following.Node);

    public int MostOnNode { get; private set; }

    public void Next()
    {
        var kind = random.Next(100);
        if (pods.Count == 0 || (pods.Count < Most && kind < 20))
            Add(New());
        else if (kind < 30)
            Delete(random.Next(pods.Count));
        else
            Replace(random.Next(pods.Count), kind);
        MostOnNode = Math.Max(MostOnNode, OnNode.Count());
    }

    private void Add(TruePod pod)
    {
        pods.Add(pod);
        Put(pod);
    }

    private void Put(TruePod pod)
    {
        cluster.Put(pod);
        foreach (var (subject, _, _) in pod.Node == Following.Node ? pod.Facts([]) : [])
            Mentioned.Add(subject);
    }

    private void Delete(int at)
    {
        var pod = pods[at];
        pods.RemoveAt(at);
        cluster.Delete(pod);
        // A set's pod, and a static pod's mirror: another one by the same name, and in the mirror's case of the same containers.
        if (random.Next(2) == 0)
            Add(pod with { Uid = Uid(), Containers = pod.StaticUid is null ? [.. pod.Containers.Select(each => each.Restart(Id()))] : pod.Containers });
    }

    private void Replace(int at, int kind)
    {
        var pod = pods[at];
        pods[at] = kind switch
        {
            < 55 => pod with { Heartbeat = pod.Heartbeat + 1 },
            < 65 => pod with { Labels = RandomLabels() },
            // Bound to its node.
            < 70 when pod.Node.Length == 0 => pod with { Node = Following.Node },
            _ => pod with { Containers = Change(pod.Containers) },
        };
        Put(pods[at]);
    }

    private TruePod New()
    {
        var n = ++made;
        var node = random.Next(10) switch { < 7 => Following.Node, < 9 => "node-2", _ => "" };
        return new TruePod($"ns{n % 3}", $"pod-{n}", Uid(), node)
        {
            StaticUid = random.Next(8) == 0 ? Hex(32) : null,
            Labels = RandomLabels(),
            Owner = RandomOwner(n),
            Containers = [.. Enumerable.Range(0, random.Next(4)).Select(i => new TrueContainer(Groups[random.Next(Groups.Length)], $"c{i}", $"registry.example/image:{i}"))],
        };
    }

    private TrueContainer[] Change(IReadOnlyList<TrueContainer> containers)
    {
        TrueContainer[] changed = [.. containers];
        if (changed.Length > 0)
        {
            ref var one = ref changed[random.Next(changed.Length)];
            one = one.Id is not null && !one.Ended ? one with { Ended = true } : one.Restart(Id());
        }
        return changed;
    }

    private Dictionary<string, string> RandomLabels()
    {
        var labels = new Dictionary<string, string> { ["pod-template-hash"] = "7d9f8c6b5", ["other"] = Hex(3) };
        if (random.Next(2) == 0)
            labels["team"] = Hex(2);
        if (random.Next(2) == 0)
            labels["app.kubernetes.io/name"] = Hex(2);
        return labels;
    }

    private TrueOwner? RandomOwner(int n) => random.Next(9) switch
    {
        0 => TrueOwner.Deployment($"web-{n}", "7d9f8c6b5"),
        1 => TrueOwner.ReplicaSet($"bare-{n}"),
        2 => TrueOwner.StatefulSet($"db-{n}"),
        3 => TrueOwner.DaemonSet($"agent-{n}"),
        4 => TrueOwner.Job($"once-{n}"),
        5 => TrueOwner.CronJob($"nightly-{n}", "29384756"),
        6 => TrueOwner.CronJob($"old-{n}", "1763712000"),
        7 => TrueOwner.Other("batch.volcano.sh/v1alpha1", "Job", "train-12345678"),
        _ => null,
    };

    private string Uid() => $"{Hex(8)}-{Hex(4)}-{Hex(4)}-{Hex(4)}-{Hex(12)}";

    private string Id() => Hex(64);

    private string Hex(int digits) => random.GetHexString(digits, lowercase: true);
}
