using System.Collections.Immutable;
using System.Globalization;
using Observe.Collectors.VCenter.Vim;
using Told = System.Collections.Immutable.ImmutableDictionary<Observe.Collectors.VCenter.Vim.ManagedObject, System.Collections.Immutable.ImmutableDictionary<Observe.Collectors.Tests.VCenter.Fake.FakeObject, long>>;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>
/// A property collector. The last version that was not truncated can be asked with again, and gives the same answer if that was
/// not truncated; a truncated one can be asked with once; all others are invalid. Guarded by the vCenter's lock.
/// </summary>
internal sealed class FakePropertyCollector(FakeVCenter vcenter, FakeSession owner, ManagedObject reference)
{
    private (string Version, Told Told)? settled;
    private FakeAnswer? last;
    private long lastVersion;
    private long waits;
    private (Told From, long Stamp) nothingNew;

    public ManagedObject Reference => reference;

    public Dictionary<ManagedObject, FakeFilter> Filters { get; } = [];

    /// <summary>Forgets all versions: whoever asks with one is told that it is invalid.</summary>
    public void Forget() => (settled, last) = (null, null);

    /// <summary>Ends the wait that there is.</summary>
    public void CancelWait() => waits++;

    /// <summary>Waits for changes since a version.</summary>
    /// <returns>Null if there were none.</returns>
    public async Task<FakeAnswer?> WaitAsync(string version, TimeSpan? maxWait, int maxUpdates, CancellationToken cancellationToken)
    {
        Told from;
        long wait;
        lock (vcenter.Gate)
        {
            wait = ++waits;
            if (Replay(version, out from) is { } replayed)
                return replayed;
        }
        using var late = new CancellationTokenSource(maxWait ?? Timeout.InfiniteTimeSpan, vcenter.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        while (true)
        {
            Task changed;
            lock (vcenter.Gate)
            {
                Check(wait);
                cancellationToken.ThrowIfCancellationRequested();
                if (Compute(version, from, maxUpdates) is { } answer)
                    return last = answer;
                if (late.IsCancellationRequested || maxWait == TimeSpan.Zero)
                    return null;
                changed = vcenter.Changed;
            }
            await changed.WaitAsync(ending.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Check(long wait)
    {
        if (owner.IsOver)
            throw VimFault.NotAuthenticated(reference);
        if (!owner.Collectors.ContainsKey(reference))
            throw VimFault.NotFound(reference);
        if (wait != waits)
            throw VimFault.Of("RequestCanceled", "The request was canceled: another one waits for updates of this collector.");
    }

    private FakeAnswer? Replay(string version, out Told from)
    {
        from = Told.Empty;
        if (version.Length == 0)
        {
            (settled, last) = (null, null);
        }
        else if (last is { } told && told.Version == version)
        {
            from = told.Told;
            if (told.IsTruncated && told.IsUsed)
                throw Invalid();
            told.IsUsed = true;
            if (!told.IsTruncated)
                settled = (version, told.Told);
        }
        else if (settled is { } base_ && base_.Version == version)
        {
            from = base_.Told;
            return last is { IsTruncated: false } answer && answer.From == version ? answer : null;
        }
        else
        {
            throw Invalid();
        }
        return null;
    }

    private static VimFaultException Invalid() => VimFault.Of("InvalidCollectorVersion", "A specified version is invalid or out of date.");

    private FakeAnswer? Compute(string version, Told from, int maxUpdates)
    {
        if (ReferenceEquals(nothingNew.From, from) && nothingNew.Stamp == vcenter.Stamp)
            return null;
        var told = from.ToBuilder();
        var updates = new List<(ManagedObject, IReadOnlyList<ObjectUpdate>)>();
        var (room, isTruncated) = (maxUpdates, false);
        foreach (var filter in Filters.Values)
        {
            var list = new List<ObjectUpdate>();
            var known = from.GetValueOrDefault(filter.Reference) ?? ImmutableDictionary<FakeObject, long>.Empty;
            var next = known.ToBuilder();
            isTruncated |= !Tell(filter, known, next, list, ref room);
            told[filter.Reference] = next.ToImmutable();
            if (list.Count > 0)
                updates.Add((filter.Reference, list));
        }
        // A filter that is gone says nothing of its objects any more.
        foreach (var gone in told.Keys.Where(each => !Filters.ContainsKey(each)).ToList())
            told.Remove(gone);
        if (updates.Count == 0)
        {
            nothingNew = (from, vcenter.Stamp);
            return null;
        }
        return new FakeAnswer(version, (++lastVersion).ToString(CultureInfo.InvariantCulture), isTruncated, updates, told.ToImmutable());
    }

    private bool Tell(FakeFilter filter, ImmutableDictionary<FakeObject, long> known, ImmutableDictionary<FakeObject, long>.Builder next, List<ObjectUpdate> list, ref int room)
    {
        var members = filter.Members();
        if (!TellGone(members, known, next, list, ref room))
            return false;
        foreach (var member in members)
        {
            var isKnown = known.TryGetValue(member, out var since);
            if ((isKnown ? filter.Modify(member, since) : filter.Enter(member)) is not { } update)
                continue;
            if (room-- <= 0)
                return false;
            list.Add(update);
            next[member] = vcenter.Stamp;
        }
        return true;
    }

    private static bool TellGone(List<FakeObject> members, ImmutableDictionary<FakeObject, long> known, ImmutableDictionary<FakeObject, long>.Builder next, List<ObjectUpdate> list, ref int room)
    {
        if (known.IsEmpty || members.Count(known.ContainsKey) == known.Count)
            return true;
        var here = members.ToHashSet();
        foreach (var gone in known.Keys.Where(each => !here.Contains(each)))
        {
            if (room-- <= 0)
                return false;
            list.Add(new ObjectUpdate("leave", gone.Reference, [], []));
            next.Remove(gone);
        }
        return true;
    }
}
