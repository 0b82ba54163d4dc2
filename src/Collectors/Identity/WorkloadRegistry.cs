using System.Collections.Concurrent;

namespace Observe.Collectors.Identity;

/// <summary>
/// Which cgroup is whose. Cgroups come in by <see cref="Born"/> and go by <see cref="Retire"/>, after their last
/// collection; several cgroups of one container share one <see cref="Workload"/>. What they are called, <see cref="IdentitySource"/>s
/// may know better than the path. Thread-safe; look-ups take no lock.
/// </summary>
public sealed class WorkloadRegistry
{
    /// <summary>Workloads with a name of their own, unless configured otherwise: ten times a full Kubernetes node's containers.</summary>
    public const int DefaultCapacity = 4096;

    /// <summary>Most cgroups remembered, as a multiple of the workloads: systemd in a container makes some tens.</summary>
    private const int CgroupsPerWorkload = 16;

    /// <summary>Most subjects remembered, as a multiple of the workloads: containers that are stopped, and each one's pod.</summary>
    private const int SubjectsPerWorkload = 4;

    /// <summary>
    /// How long series of a new workload wait for the sources that are expected to name it. A kubelet reports a new container's id
    /// after some seconds; nothing is lost meanwhile, because what is exported counts from the workload's beginning.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IsolationProbe? probe;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ulong, LiveCgroup> cgroups = new();
    private readonly Dictionary<string, WorkloadClaim> claims = new(StringComparer.Ordinal);
    private readonly HashSet<(WorkloadKind, string Id)> ids = [.. new[] { Kernel, Idle, Unattributed, Other }.Select(each => (each.Kind, each.Id))];
    private readonly List<IdentitySource> sources = [];
    private readonly IdentityRecords records;
    private LiveCgroup[]? live;
    private int known;
    private int named;
    private long folded;

    /// <summary>Starts empty.</summary>
    /// <param name="capacity">Most workloads with a name of their own; the rest are folded into <see cref="Other"/>.</param>
    /// <param name="probe">Looks into new containers and pods for what their path does not tell; null to leave it at the path.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public WorkloadRegistry(int capacity = DefaultCapacity, IsolationProbe? probe = null, TimeProvider? time = null)
    {
        Capacity = capacity > 0 ? capacity : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "must be at least 1");
        this.probe = probe;
        this.time = time ?? TimeProvider.System;
        records = new IdentityRecords(capacity * SubjectsPerWorkload, this.time) { Dropped = labels => ids.Remove((labels.Kind, labels.Id)) };
    }

    /// <summary>Threads of the kernel.</summary>
    public static Workload Kernel { get; } = Special(WorkloadKind.Kernel, "kernel", WorkloadIsolation.None);

    /// <summary>The CPUs' idle threads; only ever part of per-CPU time, never exported as a workload.</summary>
    public static Workload Idle { get; } = Special(WorkloadKind.Kernel, "idle", WorkloadIsolation.None);

    /// <summary>Time whose cgroup found no slot in the kernel's tables: slot 0.</summary>
    public static Workload Unattributed { get; } = Special(WorkloadKind.System, "unattributed");

    /// <summary>All workloads beyond the capacity, together.</summary>
    public static Workload Other { get; } = Special(WorkloadKind.System, "other");

    /// <summary>Most workloads with a name of their own.</summary>
    public int Capacity { get; }

    /// <summary>Workloads with a name of their own that are known now.</summary>
    public int Count => Volatile.Read(ref named);

    /// <summary>Workloads that were folded into <see cref="Other"/> so far; never decreases.</summary>
    public long Folded => Interlocked.Read(ref folded);

    /// <summary>All known cgroups; the same instance until something is born or retired.</summary>
    public IReadOnlyList<LiveCgroup> Live
    {
        get
        {
            lock (gate)
                return live ??= [.. cgroups.Values];
        }
    }

    /// <summary>
    /// A cgroup was made or found. Saying so twice changes nothing; a number that comes back with another path is another cgroup, and
    /// what it was before is forgotten.
    /// </summary>
    /// <param name="cgroupKey">Its number.</param>
    /// <param name="path">Its path from the root of its hierarchy.</param>
    /// <param name="startTimeUnixNano">When it was made, ns since the Unix epoch; if unknown, when it was found.</param>
    /// <returns>Whose it is.</returns>
    public Workload Born(CgroupKey cgroupKey, string path, ulong startTimeUnixNano)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (gate)
        {
            if (cgroups.TryGetValue(cgroupKey.Value, out var cgroup))
            {
                if (cgroup.Path == path)
                    return cgroup.Workload;
                Forget(cgroup);
            }
            if (known >= (long)Capacity * CgroupsPerWorkload)
            {
                Interlocked.Increment(ref folded);
                return Other;
            }
            var claim = ClaimFor(cgroupKey, path, startTimeUnixNano);
            claim.Cgroups++;
            known++;
            cgroups[cgroupKey.Value] = new LiveCgroup(cgroupKey, path, startTimeUnixNano, claim);
            live = null;
            return claim.Workload;
        }
    }

    /// <summary>Whose a cgroup is.</summary>
    /// <param name="cgroupKey">Its number.</param>
    /// <param name="workload">Whose it is; <see cref="Unattributed"/> if it is not known.</param>
    /// <returns>Whether it is known.</returns>
    public bool TryGet(CgroupKey cgroupKey, out Workload workload)
    {
        var found = cgroups.TryGetValue(cgroupKey.Value, out var cgroup);
        workload = found ? cgroup!.Workload : Unattributed;
        return found;
    }

    /// <summary>Forgets a cgroup that is gone, after its last collection; and its workload, if it was the last one of it.</summary>
    /// <param name="cgroupKey">Its number; one that is not known is ignored.</param>
    public void Retire(CgroupKey cgroupKey)
    {
        lock (gate)
        {
            if (cgroups.TryGetValue(cgroupKey.Value, out var cgroup))
                Forget(cgroup);
        }
    }

    /// <summary>Adds somebody who knows more of workloads than their path tells.</summary>
    /// <param name="rank">Whose word it is.</param>
    /// <param name="expects">Whether it will speak of a workload: whose series wait for it then, for some seconds.</param>
    public IdentitySource AddSource(IdentityRank rank, Func<WorkloadIdentity, bool> expects)
    {
        var source = new IdentitySource(this, rank, expects);
        lock (gate)
            sources.Add(source);
        return source;
    }

    /// <summary>What a container is called, whether it runs or not: the same instance as its workload's.</summary>
    /// <param name="id">Its full id, of which a source has told.</param>
    /// <returns>Null if nobody has told of it, or there was no room for it.</returns>
    public WorkloadLabels? LabelsOfContainer(string id)
    {
        lock (gate)
        {
            if (records.Find(IdentitySubject.Container(id)) is not { } record)
                return null;
            if (record.Shared is null)
            {
                record.Shared = NewLabels(WorkloadIdentity.OfContainer(id));
                records.Refresh(record.Shared);
            }
            return record.Shared;
        }
    }

    internal void Tell(IdentitySource source, IdentitySubject subject, IdentityFacts facts)
    {
        lock (gate)
        {
            if (!records.Tell(source.Rank, subject, facts))
                Interlocked.Increment(ref folded);
        }
    }

    internal void Forget(IdentitySource source, IdentitySubject subject)
    {
        lock (gate)
            records.Forget(source.Rank, subject);
    }

    private static Workload Special(WorkloadKind kind, string name, WorkloadIsolation? isolation = null) =>
        new(new WorkloadLabels(new WorkloadIdentity(kind, name, name, "", []) { Isolation = isolation }, name, 0, _ => false), "", 0);

    private WorkloadClaim ClaimFor(CgroupKey cgroupKey, string path, ulong startTimeUnixNano)
    {
        var match = CgroupPathParser.Match(path);
        var key = match.KeyLength == 0 ? "/" : path.AsSpan(0, match.KeyLength);
        if (claims.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var claim))
            return claim;
        var identity = WorkloadIdentity.From(path, match);
        claim = new WorkloadClaim(identity.Key, named < Capacity ? Name(Refine(identity, cgroupKey, path), startTimeUnixNano) : Fold());
        return claims[identity.Key] = claim;
    }

    private WorkloadIdentity Refine(WorkloadIdentity identity, CgroupKey cgroupKey, string path) =>
        probe is not null && identity.Isolation is { } isolation ? identity with { Isolation = probe.Refine(cgroupKey, path, isolation) } : identity;

    private Workload Name(WorkloadIdentity identity, ulong startTimeUnixNano)
    {
        named++;
        var labels = records.LabelsFor(identity) ?? NewLabels(identity);
        records.Join(labels);
        return new Workload(labels, identity.Key, startTimeUnixNano);
    }

    private WorkloadLabels NewLabels(WorkloadIdentity identity)
    {
        // Two workloads with the same labels would be one series in Prometheus: whoever comes second gets its path's hash as well.
        var id = identity.Id;
        for (var attempt = 1; !ids.Add((identity.Kind, id)); attempt++)
            id = attempt == 1 ? $"{identity.Id}-{StableHash.Of(identity.Key)}" : $"{identity.Id}-{StableHash.Of(identity.Key)}-{attempt}";
        return new WorkloadLabels(identity, id, time.GetTimestamp(), IsAwaited);
    }

    private bool IsAwaited(WorkloadLabels labels)
    {
        if (time.GetElapsedTime(labels.MadeAt) >= Patience)
            return false;
        lock (gate)
            return sources.Exists(source => source.Expects(labels.Identity) && !records.HasSpoken(source.Rank, labels.Identity));
    }

    private Workload Fold()
    {
        Interlocked.Increment(ref folded);
        return Other;
    }

    private void Forget(LiveCgroup cgroup)
    {
        cgroups.TryRemove(cgroup.Key.Value, out _);
        known--;
        live = null;
        if (--cgroup.Claim.Cgroups > 0)
            return;
        claims.Remove(cgroup.Claim.Key);
        if (ReferenceEquals(cgroup.Workload, Other))
            return;
        named--;
        Release(cgroup.Workload.Labels);
    }

    /// <summary>Its id is free for others, unless a source still knows it as what it was.</summary>
    private void Release(WorkloadLabels labels)
    {
        records.Leave(labels);
        if (!records.Keeps(labels))
            ids.Remove((labels.Kind, labels.Id));
    }
}
