namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// How far a vCenter's events have been read, and which of them delivered. What was read is remembered for as long as it may be read
/// again; what was read and not delivered is what a restart reads once more. Thread-safe.
/// </summary>
/// <param name="overlap">How far back is read again each time: an event may appear by so much after those that were made after it.</param>
internal sealed class EventPosition(TimeSpan overlap)
{
    /// <summary>Events remembered, some 50 bytes each: beyond, less is read again than was asked for.</summary>
    private const int MaxKnown = 262_144;

    private readonly Lock gate = new();
    private readonly Dictionary<int, long> known = [];
    private readonly PriorityQueue<EventId, long> oldest = new();
    private readonly Dictionary<EventId, long> pending = [];
    private string? instance;
    private long? readUpTo;
    private long floor = long.MinValue;
    private int? lastKey;
    private long lastTicks;
    private int doneKey = int.MinValue;
    private long doneTicks = long.MinValue;
    private long? readAt;
    private Verification? verification;

    /// <summary>Times that the server's numbers began anew.</summary>
    public long Resets { get; private set; }

    /// <summary>Grows with every change that belongs in the checkpoint.</summary>
    public long Version { get; private set; }

    /// <summary>The largest number that was read, or in the checkpoint that up to which nothing waited; null while there is none.</summary>
    public int? LastKey
    {
        get
        {
            lock (gate)
                return lastKey;
        }
    }

    /// <summary>Events that were read and wait to be delivered.</summary>
    public int Pending
    {
        get
        {
            lock (gate)
                return pending.Count;
        }
    }

    /// <summary>Goes on where another life ended.</summary>
    /// <param name="checkpoint">What it left.</param>
    public void Restore(EventCheckpoint checkpoint)
    {
        lock (gate)
        {
            (instance, Resets, readUpTo) = (checkpoint.InstanceUuid, checkpoint.Resets, checkpoint.Begin + overlap.Ticks);
            (lastKey, lastTicks, readAt) = (checkpoint.LastKey, checkpoint.LastTicks, checkpoint.ReadAt);
            (doneKey, doneTicks) = (checkpoint.DoneKey, checkpoint.DoneTicks);
            foreach (var id in checkpoint.Delivered)
                Remember(id);
        }
    }

    /// <summary>Before events are read anew, from <see cref="Begin"/> on.</summary>
    /// <param name="instanceUuid">The vCenter that is read.</param>
    /// <param name="firstBegin">From when on, if nothing has ever been read.</param>
    /// <returns>Whether it is another vCenter than before: nothing that was known holds for it.</returns>
    public bool Resume(string instanceUuid, DateTimeOffset firstBegin)
    {
        lock (gate)
        {
            var isOther = instance is not null && instance != instanceUuid;
            if (isOther)
            {
                known.Clear();
                oldest.Clear();
                pending.Clear();
                (lastKey, lastTicks, doneKey, doneTicks, floor) = (null, 0, int.MinValue, long.MinValue, long.MinValue);
                Resets++;
            }
            if (instance != instanceUuid || readUpTo is null)
                Version++;
            instance = instanceUuid;
            readUpTo ??= firstBegin.UtcTicks + overlap.Ticks;
            verification = lastKey is { } last ? new Verification(last, known.TryGetValue(last, out var ticks) && ticks >= BeginTicks()) : null;
            return isOther;
        }
    }

    /// <summary>From when on events are to be read, on the server's clock.</summary>
    /// <param name="serverNow">What it shows.</param>
    /// <param name="now">What the clock here shows.</param>
    public DateTimeOffset Begin(DateTimeOffset serverNow, DateTimeOffset now)
    {
        lock (gate)
        {
            // Since all was read the last time the server's clock may have been set back: nothing made after that is passed over.
            var sinceRead = readAt is { } at ? Math.Max(0, now.UtcTicks - at) : 0;
            return new DateTimeOffset(Math.Max(Math.Min(BeginTicks(), serverNow.UtcTicks - sinceRead - overlap.Ticks), 0), TimeSpan.Zero);
        }
    }

    /// <summary>Numbers between two that no event had that was read.</summary>
    /// <param name="after">The one before the first.</param>
    /// <param name="before">The one after the last.</param>
    public long MissingBetween(int after, int before)
    {
        lock (gate)
            return Math.Max(0, (long)before - after - 1 - known.Keys.LongCount(key => key > after && key < before));
    }

    /// <summary>Tells what an event is; a new one is to be delivered from then on.</summary>
    /// <param name="id">The event.</param>
    /// <param name="when">When it was, ns since the Unix epoch.</param>
    public EventNovelty Take(EventId id, long when)
    {
        lock (gate)
        {
            if (verification is { } running)
                verification = running.Seeing(id.Key);
            var isSeen = known.TryGetValue(id.Key, out var ticks);
            if (isSeen && ticks == id.Ticks)
                return EventNovelty.Known;
            // What is so old that it is not remembered: it comes again only if the server's clock was set back.
            if (!isSeen && id.Key <= doneKey && id.Ticks <= doneTicks)
                return EventNovelty.Known;
            var isRestored = isSeen || (id.Key < lastKey && id.Ticks > lastTicks + overlap.Ticks);
            if (isRestored)
                Reset(id.Key, id.Ticks);
            Remember(id);
            pending[id] = when;
            lastKey = Math.Max(lastKey ?? int.MinValue, id.Key);
            lastTicks = Math.Max(lastTicks, id.Ticks);
            readUpTo = Math.Max(readUpTo ?? long.MinValue, id.Ticks);
            Version++;
            return isRestored ? EventNovelty.Restored : EventNovelty.New;
        }
    }

    /// <summary>After everything that the server has was read.</summary>
    /// <param name="began">When that began, by the clock here.</param>
    /// <returns>Whether it turned out to count anew: it has older events than the last one that was read, and not that.</returns>
    public bool Complete(DateTimeOffset began)
    {
        lock (gate)
        {
            var isRestored = verification is { IsExpected: true, SawLast: false, SawOlder: true } ended && lastKey == ended.LastKey;
            if (isRestored)
                Reset(verification!.Largest, lastTicks);
            verification = null;
            readAt = began.UtcTicks;
            Version++;
            Forget();
            return isRestored;
        }
    }

    /// <summary>All sinks have had an event.</summary>
    /// <param name="id">Which.</param>
    /// <returns>When it was, ns since the Unix epoch; null if nobody waited for it.</returns>
    public long? Delivered(EventId id)
    {
        lock (gate)
        {
            if (!pending.Remove(id, out var when))
                return null;
            Version++;
            return when;
        }
    }

    /// <summary>What a restart has to know.</summary>
    /// <param name="tasksReadUpTo">The same of tasks.</param>
    /// <param name="tasks">The same of tasks.</param>
    public EventCheckpoint? ToCheckpoint(long? tasksReadUpTo, IReadOnlyList<TaskMark> tasks)
    {
        lock (gate)
        {
            if (instance is null || readUpTo is null)
                return null;
            var begin = BeginTicks();
            var last = lastKey;
            foreach (var id in pending.Keys)
            {
                begin = Math.Min(begin, id.Ticks);
                last = Math.Min(last ?? int.MaxValue, id.Key - 1);
            }
            var (done, doneAt) = (doneKey, doneTicks);
            var delivered = new List<EventId>(known.Count);
            foreach (var (key, ticks) in known)
            {
                var id = new EventId(key, ticks);
                if (pending.ContainsKey(id))
                    continue;
                if (ticks >= begin || key > last)
                    delivered.Add(id);
                else
                    (done, doneAt) = (Math.Max(done, key), Math.Max(doneAt, ticks));
            }
            delivered.Sort((one, other) => one.Key.CompareTo(other.Key));
            return new EventCheckpoint(instance, Resets, begin, last, lastTicks, readAt, done, doneAt, delivered, tasksReadUpTo, tasks);
        }
    }

    private long BeginTicks() => Math.Max((readUpTo ?? 0) - overlap.Ticks, floor);

    private void Remember(EventId id)
    {
        known[id.Key] = id.Ticks;
        oldest.Enqueue(id, id.Ticks);
    }

    /// <summary>The server's numbers go on from here; what it had after that is no more.</summary>
    private void Reset(int key, long ticks)
    {
        foreach (var later in known.Keys.Where(each => each > key || (each == key && known[each] != ticks)).ToArray())
            known.Remove(later);
        Resets++;
        (lastKey, lastTicks, verification) = (key, ticks, null);
    }

    /// <summary>What is not read again need not be remembered: twice the overlap, for where the server's clock is set back.</summary>
    private void Forget()
    {
        var until = BeginTicks() - overlap.Ticks;
        while (oldest.TryPeek(out var id, out var ticks) && (ticks < until || known.Count > MaxKnown))
        {
            oldest.Dequeue();
            if (pending.ContainsKey(id))
            {
                // Not delivered for so long: remembered all the same, among what is newer.
                oldest.Enqueue(id, Math.Max(until, ticks) + overlap.Ticks);
                if (ticks >= until)
                    return;
                continue;
            }
            if (!known.TryGetValue(id.Key, out var current) || current != id.Ticks)
                continue;
            known.Remove(id.Key);
            (doneKey, doneTicks) = (Math.Max(doneKey, id.Key), Math.Max(doneTicks, id.Ticks));
            if (ticks >= until)
                floor = Math.Max(floor, id.Ticks);
        }
    }

    /// <param name="LastKey">The last number that was read before.</param>
    /// <param name="IsExpected">Whether its event is recent enough to come again.</param>
    /// <param name="SawLast">Whether it did.</param>
    /// <param name="SawOlder">Whether one of a smaller number did.</param>
    /// <param name="Largest">The largest number that came.</param>
    private sealed record Verification(int LastKey, bool IsExpected, bool SawLast = false, bool SawOlder = false, int Largest = int.MinValue)
    {
        public Verification Seeing(int key) => this with { SawLast = SawLast || key == LastKey, SawOlder = SawOlder || key < LastKey, Largest = Math.Max(Largest, key) };
    }
}
