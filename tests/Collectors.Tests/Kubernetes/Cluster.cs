namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>The API server's database: pods, a version that each change raises, and the changes since the last compaction.</summary>
internal sealed class Cluster
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, (TruePod Pod, long Version)> pods = new(StringComparer.Ordinal);
    private readonly List<Change> changes = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long version = 41_000;
    private long compacted;

    private sealed record Change(long Version, TruePod? Before, TruePod? After);

    public long Version
    {
        get
        {
            lock (gate)
                return version;
        }
    }

    /// <summary>What there is on a node, each as it is written.</summary>
    public (long Version, List<string> Pods) On(string node)
    {
        lock (gate)
            return (version, [.. pods.Values.Where(each => each.Pod.Node == node).Select(each => each.Pod.ToJson(each.Version))]);
    }

    public void Put(TruePod pod)
    {
        lock (gate)
        {
            var before = pods.TryGetValue(Key(pod), out var old) ? old.Pod : null;
            pods[Key(pod)] = (pod, ++version);
            Publish(new Change(version, before, pod));
        }
    }

    public void Delete(TruePod pod)
    {
        lock (gate)
        {
            pods.Remove(Key(pod), out var old);
            Publish(new Change(++version, old.Pod, null));
        }
    }

    /// <summary>Changes so far can no longer be asked for.</summary>
    public void Compact()
    {
        lock (gate)
        {
            compacted = version;
            changes.Clear();
        }
    }

    /// <summary>As if it had been restored from an older backup, in which the versions are lower.</summary>
    public void GoBack(long by)
    {
        lock (gate)
        {
            version -= by;
            changes.Clear();
            compacted = 0;
        }
    }

    public bool IsCompacted(long from)
    {
        lock (gate)
            return from < compacted;
    }

    /// <summary>Lines of a watch after a version.</summary>
    /// <returns>Null if they are compacted away; and what ends when there is more.</returns>
    public (List<string>? Lines, long Version, Task More) After(long from, string node)
    {
        lock (gate)
        {
            if (from < compacted)
                return (null, version, changed.Task);
            List<string> lines = [.. changes.Where(each => each.Version > from).Select(each => Line(each, node)).OfType<string>()];
            return (lines, version, changed.Task);
        }
    }

    private static string Key(TruePod pod) => $"{pod.Namespace}/{pod.Name}";

    private static string? Line(Change change, string node) => (change.Before?.Node == node, change.After?.Node == node) switch
    {
        (false, true) => $$"""{"type":"ADDED","object":{{change.After!.ToJson(change.Version)}}}""",
        (true, true) => $$"""{"type":"MODIFIED","object":{{change.After!.ToJson(change.Version)}}}""",
        (true, false) => $$"""{"object":{{change.Before!.ToJson(change.Version)}},"type":"DELETED"}""",
        _ => null,
    };

    private void Publish(Change change)
    {
        changes.Add(change);
        var before = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }
}
