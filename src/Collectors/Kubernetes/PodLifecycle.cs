using System.Globalization;
using Observe.Bpf.Host;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Kubernetes.Api;
using Observe.Collectors.Time;
using Observe.Collectors.Traces.Pods;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Kubernetes;

/// <summary>
/// What came to an end in the life of a pod: tells the timeline of each once, with when it began. The API server notes whole seconds of
/// its own clock, which is asked by the way; the kubelet notes whole seconds of this host's. One thread at a time.
/// </summary>
/// <param name="timeline">Where it is told.</param>
/// <param name="server">The API server's clock.</param>
/// <param name="clock">This host's clock.</param>
/// <param name="node">Name of the node.</param>
/// <param name="time">The clock.</param>
internal sealed class PodLifecycle(EventTimeline timeline, RemoteClock server, UnifiedClock clock, string node, TimeProvider time)
{
    private const long Second = 1_000_000_000;

    /// <summary>What was over for longer when the agent started is history.</summary>
    private const long LookBack = 600 * Second;

    private static readonly TimelineSourceOptions Arrival = new(Lateness: 3 * Second, MaxLateness: 10 * Second, IdleAfter: 2 * Second);

    private readonly TimelineSource source = timeline.Add("kubernetes", Arrival);
    private readonly Dictionary<string, HashSet<string>> told = new(StringComparer.Ordinal);
    private readonly long since = (long)UnixNano.Now(time) - LookBack;

    /// <summary>A pod as it is now.</summary>
    /// <param name="pod">With name, namespace and uid.</param>
    public void Take(Pod pod)
    {
        var uid = pod.Metadata!.Uid!;
        var isNew = !told.ContainsKey(uid);
        if (isNew && told.Count >= PodTable.Capacity)
            return;
        var already = isNew ? told[uid] = new(StringComparer.Ordinal) : told[uid];
        var scheduled = True(pod, "PodScheduled");
        if (pod.Metadata.CreationTimestamp is { } created && scheduled is { } placed)
            Offer(pod, already, "k8s.pod.scheduled", "", OfServer(created), OfServer(placed), []);
        // When readiness comes and goes, the first time is what counts; of a pod that is older than the agent nobody knows which it was.
        if (isNew && scheduled is { } old && Nano(old) < since)
            already.Add("k8s.pod.ready");
        if (scheduled is { } begun && True(pod, "Ready") is { } ready)
            Offer(pod, already, "k8s.pod.ready", "", OfServer(begun), OfHost(ready), []);
        foreach (var container in PodFacts.ContainersOf(pod.Status))
        {
            foreach (var end in new[] { container.LastState?.Terminated, container.State?.Terminated })
                TakeEnd(pod, already, container, end);
        }
    }

    /// <summary>A pod was deleted.</summary>
    /// <param name="pod">As it was last.</param>
    public void Drop(Pod pod)
    {
        Take(pod);
        var uid = pod.Metadata!.Uid!;
        if (told.Remove(uid, out var already) && pod.Metadata.CreationTimestamp is { } created)
        {
            var ends = PodFacts.ContainersOf(pod.Status).Select(each => each.State?.Terminated?.FinishedAt).OfType<DateTimeOffset>().ToList();
            var heard = Now();
            // Not before its containers had ended, and not after it was heard of.
            var earliest = ends.Count > 0 ? Math.Min(OfHost(ends.Max()).Earliest, heard.Earliest) : heard.Earliest - Second;
            Offer(pod, already, "k8s.pod.deleted", "", OfServer(created), heard with { Earliest = earliest }, []);
        }
    }

    /// <summary>All others are gone; when, nobody has said.</summary>
    /// <param name="uids">Of the pods that there are.</param>
    public void KeepOnly(IReadOnlySet<string> uids)
    {
        foreach (var uid in told.Keys.Where(each => !uids.Contains(each)).ToList())
            told.Remove(uid);
    }

    private void TakeEnd(Pod pod, HashSet<string> already, ContainerStatus container, ContainerEnd? end)
    {
        if (end is not { StartedAt: { } started, FinishedAt: { } finished } || finished < started)
            return;
        var id = PodFacts.Bare(end.ContainerID ?? container.ContainerID) ?? "";
        List<KeyValuePair<string, string>> more = [new("k8s.container.name", container.Name!), new("process.exit.code", end.ExitCode.ToString(CultureInfo.InvariantCulture))];
        if (id.Length > 0)
            more.Add(new("container.id", id));
        if (container.Image is { Length: > 0 } image)
            more.Add(new("container.image.name", image));
        if (end.Reason is { Length: > 0 } reason)
            more.Add(new("k8s.container.status.last_terminated_reason", reason));
        Offer(pod, already, "k8s.container.terminated", id.Length > 0 ? id : $"{container.Name} {Nano(started)}", OfHost(started), OfHost(finished), more);
    }

    private void Offer(Pod pod, HashSet<string> already, string name, string of, UtcInterval began, UtcInterval when, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        if (when.Latest < since || !already.Add(name + of))
            return;
        var meta = pod.Metadata!;
        var key = new UInt128(StableHash.Bits($"{meta.Uid} {name}"), StableHash.Bits(of));
        timeline.Offer(source, key, when, new PodEvent(
            name, meta.Uid!, of, [new("k8s.namespace.name", meta.Namespace!), new("k8s.pod.name", meta.Name!), new("k8s.pod.uid", meta.Uid!), new("k8s.node.name", node), .. more], began));
    }

    private static DateTimeOffset? True(Pod pod, string type) =>
        pod.Status?.Conditions?.FirstOrDefault(each => each is { Status: "True" } && each.Type == type)?.LastTransitionTime;

    private UtcInterval OfServer(DateTimeOffset second) => server.ToUtc(Nano(second), Second);

    private UtcInterval OfHost(DateTimeOffset second) => clock.OfRealtime(Nano(second)).Hull(clock.OfRealtime(Nano(second) + Second));

    private UtcInterval Now() => clock.OfRealtime((long)UnixNano.Now(time));

    private static long Nano(DateTimeOffset moment) => (long)UnixNano.Of(moment);
}
