using Observe.Collectors.Identity;

namespace Observe.Collectors.VCenter.Events;

/// <summary>What has been told of a vCenter's tasks: the start and the end of each, once. Thread-safe.</summary>
/// <param name="overlap">How far back is read again each time.</param>
/// <param name="capacity">Tasks remembered: more are not taken in until some have ended.</param>
internal sealed class TaskBook(TimeSpan overlap, int capacity = TaskBook.DefaultCapacity)
{
    /// <summary>Some 200 bytes each.</summary>
    public const int DefaultCapacity = 16384;

    /// <summary>Most tasks take less: those that take longer are asked for one by one, and not as often.</summary>
    private static readonly TimeSpan LongAfter = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, (string Key, bool IsEnd)> pending = [];
    private long? readUpTo;

    /// <summary>Grows with every change that belongs in the checkpoint.</summary>
    public long Version { get; private set; }

    /// <summary>Whether some are under way, and not for long.</summary>
    public bool AnyUnderWay
    {
        get
        {
            lock (gate)
                return tasks.Values.Any(task => !task.Ended && !IsLong(task));
        }
    }

    /// <summary>Goes on where another life ended.</summary>
    /// <param name="checkpoint">What it left.</param>
    public void Restore(EventCheckpoint checkpoint)
    {
        lock (gate)
        {
            readUpTo = checkpoint.TasksReadUpTo;
            foreach (var mark in checkpoint.Tasks)
                tasks[mark.Key] = new Entry { Queued = mark.Queued, Began = mark.Began, Ended = mark.Ended, Ticks = mark.Ticks };
        }
    }

    /// <summary>From when on tasks are to be read, on the server's clock.</summary>
    /// <param name="first">From when on, if none has ever been read.</param>
    public DateTimeOffset Begin(DateTimeOffset first)
    {
        lock (gate)
        {
            readUpTo ??= first.UtcTicks + overlap.Ticks;
            return new DateTimeOffset(Math.Max(0, BeginTicks()), TimeSpan.Zero);
        }
    }

    /// <summary>Those that are under way for so long that all that was queued since they were is more than should be read because of them.</summary>
    public IReadOnlyList<(string Key, DateTimeOffset Queued)> Long()
    {
        lock (gate)
            return [.. tasks.Where(task => !task.Value.Ended && IsLong(task.Value)).Select(task => (task.Key, new DateTimeOffset(task.Value.Queued, TimeSpan.Zero)))];
    }

    /// <summary>Whether the start or the end of a task has still to be told of; then it is about to be.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isEnd">Its end; else its start.</param>
    /// <param name="isFull">Whether there is no room to remember it.</param>
    /// <returns>Its key in the timeline; null: it has been told of, or ended before what is read.</returns>
    public UInt128? Take(ObservedTask task, bool isEnd, out bool isFull)
    {
        lock (gate)
        {
            isFull = false;
            if (!tasks.TryGetValue(task.Key, out var entry) || entry.Queued != task.Queued.UtcTicks)
            {
                if (task.Ended is { } ended && ended.UtcTicks < readUpTo - overlap.Ticks)
                    return null;
                isFull = entry is null && tasks.Count >= capacity;
                if (isFull)
                    return null;
                tasks[task.Key] = entry = new Entry { Queued = task.Queued.UtcTicks, Ticks = task.Queued.UtcTicks };
            }
            if (isEnd ? entry.Ended : entry.Began)
                return null;
            if (isEnd)
                (entry.Ended, entry.Ticks) = (true, (task.Ended ?? task.Queued).UtcTicks);
            else
                entry.Began = true;
            var id = new UInt128(StableHash.Bits(task.Key), ((ulong)entry.Queued << 1) | (isEnd ? 1UL : 0));
            pending[id] = (task.Key, isEnd);
            Version++;
            return id;
        }
    }

    /// <summary>A task is under way, of which nothing is to be told yet.</summary>
    /// <param name="task">The task.</param>
    public void Expect(ObservedTask task)
    {
        lock (gate)
        {
            if (!tasks.ContainsKey(task.Key) && tasks.Count < capacity)
                tasks[task.Key] = new Entry { Queued = task.Queued.UtcTicks, Ticks = task.Queued.UtcTicks };
        }
    }

    /// <summary>Whether all has been told of a task.</summary>
    /// <param name="key">Its number.</param>
    public bool IsOver(string key)
    {
        lock (gate)
            return tasks.TryGetValue(key, out var task) && task.Ended;
    }

    /// <summary>All sinks have had it.</summary>
    /// <param name="id">Its key in the timeline.</param>
    public void Delivered(UInt128 id)
    {
        lock (gate)
        {
            if (pending.Remove(id))
                Version++;
        }
    }

    /// <summary>After everything that the server has was read.</summary>
    /// <param name="serverNow">What its clock showed when that began.</param>
    /// <param name="read">The tasks that it had.</param>
    /// <returns>Tasks that were under way and are not known any more: how they ended is not known either.</returns>
    public int Complete(DateTimeOffset serverNow, IReadOnlySet<string> read)
    {
        lock (gate)
        {
            readUpTo = serverNow.UtcTicks;
            var waiting = pending.Values.Select(each => each.Key).ToHashSet(StringComparer.Ordinal);
            var before = readUpTo - (2 * overlap.Ticks);
            var gone = tasks.Where(task => !read.Contains(task.Key) && !waiting.Contains(task.Key) && task.Value.Ticks < before).ToArray();
            foreach (var (key, _) in gone)
                tasks.Remove(key);
            Version += gone.Length;
            return gone.Count(task => !task.Value.Ended);
        }
    }

    /// <summary>What a restart has to know: up to when they were read, and what was told of those that may be read again. What was not delivered was not told.</summary>
    public (long? ReadUpTo, IReadOnlyList<TaskMark> Marks) ToCheckpoint()
    {
        lock (gate)
        {
            var untold = pending.Values.ToLookup(each => each.Key, each => each.IsEnd);
            TaskMark[] marks =
            [
                .. tasks.Select(task => new TaskMark(
                    task.Key, task.Value.Queued, task.Value.Began && !untold[task.Key].Contains(false), task.Value.Ended && !untold[task.Key].Contains(true), task.Value.Ticks)),
            ];
            return (readUpTo, marks);
        }
    }

    /// <summary>A server chooses tasks by when they were queued: all that are under way are to be among them, but for those that are for long.</summary>
    private long BeginTicks() => tasks.Values.Where(task => !task.Ended && !IsLong(task)).Select(task => task.Queued).Append(readUpTo ?? 0).Min() - overlap.Ticks;

    private bool IsLong(Entry task) => task.Queued < readUpTo - LongAfter.Ticks;

    private sealed class Entry
    {
        public long Queued { get; init; }

        public bool Began { get; set; }

        public bool Ended { get; set; }

        public long Ticks { get; set; }
    }
}
