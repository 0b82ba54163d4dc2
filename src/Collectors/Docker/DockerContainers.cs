using Observe.Collectors.Docker.Api;
using Observe.Collectors.Docker.Stats;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker;

/// <summary>
/// All containers of the engine, as its events and its answers tell, each event counted once however often it is told of.
/// What an answer says of a container counts only if no event of it has come since it was asked for. Thread-safe.
/// </summary>
internal sealed class DockerContainers
{
    /// <summary>Most containers, stopped ones too, as a multiple of the workloads: as many as the registry keeps names for.</summary>
    private const int PerWorkload = 4;

    /// <summary>How long a container that is gone waits for its last export: where nobody collects, nobody misses it.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromMinutes(10);

    /// <summary>How long a container's series wait for the ledger to meet its cgroup, so that they carry its path.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How far events may be behind a list.</summary>
    private static readonly TimeSpan EventsTake = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DockerContainer> all = new(StringComparer.Ordinal);
    private readonly List<string> gone = [];
    private readonly WorkloadRegistry registry;
    private readonly IdentitySource source;
    private readonly ContainerFacts facts;
    private readonly DockerOptions options;
    private readonly Func<bool> expectsCgroups;
    private readonly TimeProvider time;
    private readonly LossCounter dropped;
    private readonly LossCounter droppedDevices;
    private readonly LossCounter missed;

    /// <summary>Starts empty.</summary>
    /// <param name="registry">Who is told of names, and gives labels.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="expectsCgroups">Whether the ledger runs, and will meet the cgroups of running containers.</param>
    /// <param name="losses">Where what is beyond a bound is counted.</param>
    /// <param name="time">The clock.</param>
    public DockerContainers(WorkloadRegistry registry, DockerOptions options, Func<bool> expectsCgroups, LossCounters losses, TimeProvider time)
    {
        this.registry = registry;
        this.options = options;
        this.expectsCgroups = expectsCgroups;
        this.time = time;
        source = registry.AddSource(IdentityRank.Docker, Expects);
        facts = new ContainerFacts(options);
        dropped = losses.Counter("docker_container_dropped");
        droppedDevices = losses.Counter("docker_device_dropped");
        missed = losses.Counter("docker_event_missed");
    }

    /// <summary>The engine's name in labels.</summary>
    public string Runtime { get; set; } = "docker";

    /// <summary>Whether the engine answers: then it will name containers of unknown runtimes too.</summary>
    public bool IsConnected { get; set; }

    /// <summary>Containers known.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return all.Count;
        }
    }

    /// <summary>Takes an event in.</summary>
    /// <param name="id">Of which container.</param>
    /// <param name="action">What happened.</param>
    /// <param name="argument">More of it: the result of a health check.</param>
    /// <param name="attributes">What the event says of the container.</param>
    /// <param name="at">When.</param>
    /// <returns>The container, if it has to be asked about.</returns>
    public DockerContainer? Apply(string id, string action, string argument, IReadOnlyDictionary<string, string> attributes, DateTimeOffset at)
    {
        lock (gate)
        {
            if (Find(id, at) is not { } container)
                return null;
            if (ContainerLife.Changes(action))
                container.Version++;
            if (container.Labels is null)
                container.Described = attributes;
            ContainerLife.Apply(container, action, argument, attributes, at);
            if (action == "start")
                Begin(container);
            if (container.IsGone)
                Bury(container);
            container.IsRemovalUntold &= action != "destroy";
            return ContainerLife.MustAsk(action) || container.Labels is null ? container : null;
        }
    }

    /// <summary>When a container was last started, as far as it is known; null if it never was, or is not known.</summary>
    /// <param name="id">Which.</param>
    public DateTimeOffset? StartedAt(string id)
    {
        lock (gate)
            return all.TryGetValue(id, out var container) && container.StartedAt > DateTimeOffset.UnixEpoch ? container.StartedAt : null;
    }

    /// <summary>Where each container stands now, before all are asked for.</summary>
    public Dictionary<string, int> Versions()
    {
        lock (gate)
            return all.ToDictionary(each => each.Key, each => each.Value.Version, StringComparer.Ordinal);
    }

    /// <summary>Takes the list of all containers in.</summary>
    /// <param name="listed">Their ids.</param>
    /// <param name="before">Where each stood before the list was asked for.</param>
    /// <returns>Those that have to be asked about: all.</returns>
    public List<DockerContainer> Apply(IReadOnlyCollection<string> listed, Dictionary<string, int> before)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var present = listed.ToHashSet(StringComparer.Ordinal);
            foreach (var (id, container) in all)
            {
                if (present.Contains(id) || container.IsGone || !before.TryGetValue(id, out var version) || version != container.Version)
                    continue;
                container.IsRemovalUntold = true;
                Bury(container);
            }
            return [.. listed.Select(id => Find(id, now)).OfType<DockerContainer>()];
        }
    }

    /// <summary>Takes in what the engine says of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="known">What it says; null if it does not know it any more, or did not answer.</param>
    /// <param name="isGone">Whether it says that there is no such container.</param>
    /// <param name="version">Where the container stood when it was asked about.</param>
    public void Apply(DockerContainer container, ContainerInspect? known, bool isGone, int version)
    {
        lock (gate)
        {
            container.IsGone |= isGone;
            if (known is not null)
                source.Tell(IdentitySubject.Container(container.Id), facts.Of(known, Runtime));
            else if (container.Labels is null && container.Described is { } described)
                source.Tell(IdentitySubject.Container(container.Id), facts.Of(container.Id, described, Runtime));
            container.Labels ??= registry.LabelsOfContainer(container.Id);
            if (container.Labels is not null)
                container.Described = null;
            if (container.IsGone)
                Bury(container);
            container.IsUnanswered = known is null;
            if (known is null)
                return;
            container.Limits = known.HostConfig;
            container.Created = known.Created;
            // The engine begins anew when somebody starts the container by hand.
            container.Restarts += known.RestartCount >= container.RestartCount ? known.RestartCount - container.RestartCount : known.RestartCount;
            container.RestartCount = known.RestartCount;
            if (version == container.Version && known.State is { } state)
                ContainerLife.Apply(container, state);
            if (container.IsRunning && container.Usage is null)
                Begin(container);
        }
    }

    /// <summary>Begins to ask about a container, unless it is being asked about already.</summary>
    /// <param name="container">The container.</param>
    /// <param name="version">Where it stands.</param>
    /// <returns>Whether to ask.</returns>
    public bool BeginInspection(DockerContainer container, out int version)
    {
        lock (gate)
        {
            version = container.Version;
            var begins = !container.Inspection.UnderWay;
            container.Inspection = (true, !begins);
            return begins;
        }
    }

    /// <summary>Ends asking about a container.</summary>
    /// <param name="container">The container.</param>
    /// <returns>Whether to ask once more, because something has happened since.</returns>
    public bool EndInspection(DockerContainer container)
    {
        lock (gate)
        {
            var again = container.Inspection.Again && !container.IsGone;
            container.Inspection = default;
            return again;
        }
    }

    /// <summary>Containers that are due for a sample.</summary>
    public List<DockerContainer> Due()
    {
        lock (gate)
        {
            var due = new List<DockerContainer>(all.Count);
            foreach (var container in all.Values)
            {
                if (container.IsRemovalUntold && time.GetElapsedTime(container.GoneAt) > EventsTake)
                {
                    container.IsRemovalUntold = false;
                    missed.Add();
                }
                if (container.IsGone && time.GetElapsedTime(container.GoneAt) > Afterlife)
                    all.Remove(container.Id);
                if (container is { IsRunning: true, IsSampled: false, IsGone: false } && container.Skip-- <= 0)
                    due.Add(container);
            }
            return due;
        }
    }

    /// <summary>Containers that have to be asked about once more. While one does not answer when it is sampled, it would not answer this either.</summary>
    public List<DockerContainer> Unanswered()
    {
        lock (gate)
            return [.. all.Values.Where(each => each is { IsUnanswered: true, IsGone: false, Failures: 0, Inspection.UnderWay: false })];
    }

    /// <summary>Begins to sample a container.</summary>
    /// <param name="container">The container.</param>
    /// <returns>What its samples go into; null if it does not run any more.</returns>
    public ContainerUsage? BeginSample(DockerContainer container)
    {
        lock (gate)
        {
            if (!container.IsRunning || container.IsSampled)
                return null;
            container.IsSampled = true;
            return container.Usage;
        }
    }

    /// <summary>Takes a sample in.</summary>
    /// <param name="container">Of which container.</param>
    /// <param name="usage">As it was when the sample began.</param>
    /// <param name="stats">The sample; null if none came.</param>
    /// <param name="check">The ledger's and the engine's time at that moment, running and throttled, s; null if the two cannot be compared.</param>
    public void EndSample(DockerContainer container, ContainerUsage usage, ContainerStats? stats, ((double, double) Ours, (double, double) Theirs)? check)
    {
        const int LongestSkip = 16;
        lock (gate)
        {
            container.IsSampled = false;
            if (stats is null)
            {
                container.Skip = Math.Min(LongestSkip, 1 << Math.Min(container.Failures++, 4)) - 1;
                return;
            }
            container.Failures = 0;
            container.Skip = 0;
            // What was started anew meanwhile has another usage.
            if (ReferenceEquals(container.Usage, usage) && usage.Take(stats, time.GetTimestamp()) && check is { } both)
                (container.CrossCheck ??= new CrossCheck()).Take(both.Ours, both.Theirs);
        }
    }

    /// <summary>Adds the points of all containers.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            foreach (var (id, container) in all)
            {
                if (container.Labels is { } labels && !container.IsBuried && (container.IsGone || IsReady(container, labels, now)))
                    Export(builder, container, labels.Resource, now);
                container.IsBuried |= container.IsGone && container.Labels is not null;
                if (container is { IsGone: true, IsRemovalUntold: false, Inspection.UnderWay: false })
                    gone.Add(id);
            }
            foreach (var id in gone)
                all.Remove(id);
            gone.Clear();
        }
    }

    private void Export(SnapshotBuilder builder, DockerContainer container, Resource resource, DateTimeOffset now)
    {
        container.Series.Export(builder, resource, container, options.Detail, now);
        if (container.Usage is not { } usage)
            return;
        // A sample that old says nothing of now; whether the engine hangs is said elsewhere.
        if (time.GetElapsedTime(usage.TakenAt) < options.Interval * 3)
        {
            usage.Export(builder, resource);
            container.CrossCheck?.Export(builder, resource);
        }
        if (!container.IsUsageFinal)
            return;
        container.Usage = null;
        container.CrossCheck = null;
        container.IsUsageFinal = false;
    }

    private bool IsReady(DockerContainer container, WorkloadLabels labels, DateTimeOffset now) =>
        labels.IsSettled
        && (labels.HasCgroup || !(container.IsRunning || container.Status == "created") || !expectsCgroups() || now - container.HeardAt >= Patience);

    private bool Expects(WorkloadIdentity identity) =>
        identity.Kind == WorkloadKind.Container
        && (identity.Attribute("container.runtime.name") is { } runtime ? runtime == Runtime : IsConnected && identity.Attribute("container.id") is not null);

    private DockerContainer? Find(string id, DateTimeOffset at)
    {
        if (all.TryGetValue(id, out var container))
            return container;
        if (all.Count >= registry.Capacity * PerWorkload)
        {
            dropped.Add();
            return null;
        }
        all.Add(id, container = new DockerContainer(id) { Created = at, HeardAt = time.GetUtcNow() });
        return container;
    }

    /// <summary>It is gone; what is known of it stands until it has been exported once more.</summary>
    private void Bury(DockerContainer container)
    {
        if (container.GoneAt == 0)
            container.GoneAt = time.GetTimestamp();
        container.IsGone = true;
        source.Forget(IdentitySubject.Container(container.Id));
    }

    private void Begin(DockerContainer container)
    {
        container.Usage = new ContainerUsage(UnixNano.Of(container.StartedAt), options.Detail, droppedDevices);
        container.CrossCheck = null;
        container.IsUsageFinal = false;
    }
}
