namespace Observe.Collectors.Identity;

/// <summary>
/// All subjects that sources speak of or that live cgroups belong to, so that whoever comes first waits for the other here.
/// Bounded. Guarded by the registry's lock.
/// </summary>
/// <param name="capacity">Most subjects.</param>
/// <param name="time">The clock.</param>
internal sealed class IdentityRecords(int capacity, TimeProvider time)
{
    /// <summary>How long the facts of a subject that is gone are kept: its cgroup may only be about to be noticed, at the ledger's next look.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromMinutes(1);

    private static readonly IdentityRank[] Ranks = Enum.GetValues<IdentityRank>();
    private readonly Dictionary<IdentitySubject, IdentityRecord> records = [];
    private readonly Queue<(IdentitySubject Subject, IdentityRecord Record)> forgotten = [];

    /// <summary>Subjects known.</summary>
    public int Count => records.Count;

    /// <summary>Told when labels that outlived their cgroups are dropped.</summary>
    public Action<WorkloadLabels>? Dropped { get; init; }

    /// <summary>Takes in what a source says.</summary>
    /// <param name="rank">Which source.</param>
    /// <param name="subject">Of whom.</param>
    /// <param name="facts">What.</param>
    /// <returns>False if there is no room for another subject.</returns>
    public bool Tell(IdentityRank rank, IdentitySubject subject, IdentityFacts facts)
    {
        Purge();
        if (!records.TryGetValue(subject, out var record))
        {
            if (records.Count >= capacity)
                return false;
            records.Add(subject, record = new IdentityRecord());
        }
        record.Tell(rank, facts);
        foreach (var labels in record.Listeners)
            Refresh(labels);
        if (record.Shared is { } shared && !record.Listeners.Contains(shared))
            Refresh(shared);
        return true;
    }

    /// <summary>A source no longer knows a subject.</summary>
    /// <param name="rank">Which source.</param>
    /// <param name="subject">Of whom.</param>
    public void Forget(IdentityRank rank, IdentitySubject subject)
    {
        if (records.TryGetValue(subject, out var record) && record.Forget(rank, time.GetTimestamp()) && !record.IsTold)
            forgotten.Enqueue((subject, record));
        Purge();
    }

    /// <summary>What is known of a subject; null if nothing.</summary>
    /// <param name="subject">Whom.</param>
    public IdentityRecord? Find(IdentitySubject subject) => records.GetValueOrDefault(subject);

    /// <summary>From now on what is said of its subjects goes into these labels; at once what was said already.</summary>
    /// <param name="labels">Of a cgroup that lives.</param>
    public void Join(WorkloadLabels labels)
    {
        foreach (var subject in SubjectsOf(labels.Identity))
        {
            if (!records.TryGetValue(subject, out var record))
                records.Add(subject, record = new IdentityRecord());
            record.Listeners.Add(labels);
            if (subject.Kind == labels.Kind)
                record.Shared ??= labels;
        }
        Refresh(labels);
    }

    /// <summary>The cgroup is gone.</summary>
    /// <param name="labels">As they joined.</param>
    public void Leave(WorkloadLabels labels)
    {
        foreach (var subject in SubjectsOf(labels.Identity))
        {
            var record = records[subject];
            record.Listeners.Remove(labels);
            if (!record.IsTold && record.Listeners.Count == 0)
                Drop(subject, record);
        }
    }

    /// <summary>The labels of its last life, or those that were made before its cgroup was seen; null if there are none, or another cgroup goes by them.</summary>
    /// <param name="identity">By the path.</param>
    public WorkloadLabels? LabelsFor(WorkloadIdentity identity)
    {
        var own = SubjectsOf(identity).FirstOrDefault();
        if (own.Kind != identity.Kind || own.Id is null || records.GetValueOrDefault(own) is not { Shared: { } shared } record || record.Listeners.Contains(shared))
            return null;
        shared.Learn(identity);
        return shared;
    }

    /// <summary>Whether these labels are kept for a next life of their subject.</summary>
    /// <param name="labels">Whose.</param>
    public bool Keeps(WorkloadLabels labels) => SubjectsOf(labels.Identity).Any(subject => ReferenceEquals(records.GetValueOrDefault(subject)?.Shared, labels));

    /// <summary>Gathers what is known for these labels, the weakest word first: by rank, and of one rank the pod's before the container's.</summary>
    /// <param name="labels">Whose.</param>
    public void Refresh(WorkloadLabels labels)
    {
        var subjects = SubjectsOf(labels.Identity).Reverse().ToList();
        var known = from rank in Ranks
                    from subject in subjects
                    let facts = records.GetValueOrDefault(subject)?[rank]
                    where facts is not null
                    select facts;
        labels.Learn([.. known]);
    }

    /// <summary>Whether a source has spoken of the subject itself; for a container its pod is not enough.</summary>
    /// <param name="rank">Which source.</param>
    /// <param name="identity">Of whom.</param>
    public bool HasSpoken(IdentityRank rank, WorkloadIdentity identity) =>
        SubjectsOf(identity).FirstOrDefault() is { Id: not null } subject && records.GetValueOrDefault(subject)?[rank] is not null;

    /// <summary>Whom facts may be about that concern a workload: itself first.</summary>
    private static IEnumerable<IdentitySubject> SubjectsOf(WorkloadIdentity identity)
    {
        if (identity.Kind == WorkloadKind.Container && identity.Attribute("container.id") is { } container)
            yield return IdentitySubject.Container(container);
        if (identity.Kind == WorkloadKind.Vm)
            yield return IdentitySubject.Vm(identity.Key);
        if (identity.Attribute("k8s.pod.uid") is { } pod)
            yield return IdentitySubject.Pod(pod);
    }

    private void Purge()
    {
        while (forgotten.TryPeek(out var oldest))
        {
            var (subject, record) = oldest;
            // Another life of it, or a cgroup that still stands for it: who ends that drops it.
            var over = record.IsTold || record.Listeners.Count > 0 || !ReferenceEquals(records.GetValueOrDefault(subject), record);
            if (!over && time.GetElapsedTime(record.ForgottenAt) < Afterlife && records.Count < capacity)
                return;
            forgotten.Dequeue();
            if (!over)
                Drop(subject, record);
        }
    }

    private void Drop(IdentitySubject subject, IdentityRecord record)
    {
        records.Remove(subject);
        if (record.Shared is { } shared)
            Dropped?.Invoke(shared);
    }
}
