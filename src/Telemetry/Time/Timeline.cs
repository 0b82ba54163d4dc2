namespace Observe.Telemetry.Time;

/// <summary>
/// Merges events of several sources in the order of time, by the middles of their intervals: an event is delivered once no
/// source is expected to say anything older (the watermark). One that comes after that is delivered all the same, at once, and
/// marked as late; one that came before is left out. Memory is bounded: when it is full, the oldest event is delivered
/// before its time, and what does not even find that room is dropped and counted. Thread-safe.
/// </summary>
/// <typeparam name="T">What happened.</typeparam>
/// <param name="capacity">Most events that wait.</param>
public sealed class Timeline<T>(int capacity)
{
    private readonly Lock gate = new();
    private readonly List<TimelineSource> sources = [];
    private readonly PriorityQueue<TimelineEvent<T>, (long When, long Number)> waiting = new();
    private long delivered = long.MinValue;
    private long hurried;
    private long number;

    /// <summary>Most events that wait.</summary>
    public int Capacity { get; } = capacity > 0 ? capacity : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "must be at least 1");

    /// <summary>Events that wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Events that were delivered before their time, for want of room: what comes after them may be late for that.</summary>
    public long Hurried => Volatile.Read(ref hurried);

    /// <summary>The sources, in the order in which they were added.</summary>
    public IReadOnlyList<TimelineSource> Sources
    {
        get
        {
            lock (gate)
                return [.. sources];
        }
    }

    /// <summary>Adds a source.</summary>
    /// <param name="name">Its name, for metrics.</param>
    /// <param name="options">What is known of it.</param>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public TimelineSource Add(string name, TimelineSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (gate)
        {
            if (sources.Exists(source => source.Name == name))
                throw new ArgumentException($"there is a source called {name}", nameof(name));
            var added = new TimelineSource(name, options);
            sources.Add(added);
            return added;
        }
    }

    /// <summary>Takes an event in.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="key">Tells it from every other event of the source.</param>
    /// <param name="when">When it happened.</param>
    /// <param name="what">What happened.</param>
    /// <param name="now">UTC, ns since the Unix epoch.</param>
    /// <returns>Whether it was: not if it had come before, or there is no room.</returns>
    public bool Offer(TimelineSource source, UInt128 key, UtcInterval when, T what, long now)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (gate)
        {
            // Twice what is meant to wait: nobody has taken anything for long.
            var outcome = Offer(source, key, when, what, now, 2 * Capacity);
            if (outcome == TimelineOffer.Full)
                source.Drop();
            return outcome == TimelineOffer.Accepted;
        }
    }

    /// <summary>Takes an event in of a source that can wait: half of the room is left to those that cannot, and nothing is dropped.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="key">Tells it from every other event of the source.</param>
    /// <param name="when">When it happened.</param>
    /// <param name="what">What happened.</param>
    /// <param name="now">UTC, ns since the Unix epoch.</param>
    /// <returns>What became of it; if there is no room, it is to be offered again.</returns>
    public TimelineOffer TryOffer(TimelineSource source, UInt128 key, UtcInterval when, T what, long now)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (gate)
            return Offer(source, key, when, what, now, Math.Max(1, Capacity / 2));
    }

    /// <summary>Takes what is due.</summary>
    /// <param name="now">UTC, ns since the Unix epoch.</param>
    /// <param name="due">Where to: in order, but for what is late.</param>
    /// <returns>How many.</returns>
    public int Take(long now, ICollection<TimelineEvent<T>> due)
    {
        ArgumentNullException.ThrowIfNull(due);
        lock (gate)
        {
            var watermark = long.MaxValue;
            foreach (var source in sources)
                watermark = Math.Min(watermark, source.Watermark(now));
            var taken = 0;
            for (; waiting.TryPeek(out var next, out var order); taken++)
            {
                if (order.When > watermark)
                {
                    if (waiting.Count <= Capacity)
                        break;
                    hurried++;
                }
                waiting.Dequeue();
                delivered = Math.Max(delivered, order.When);
                due.Add(next);
            }
            return taken;
        }
    }

    private TimelineOffer Offer(TimelineSource source, UInt128 key, UtcInterval when, T what, long now, int room)
    {
        if (source.IsKnown(key))
            return TimelineOffer.Known;
        if (waiting.Count >= room)
            return TimelineOffer.Full;
        var isLate = when.Middle < delivered;
        if (isLate)
            source.CameLate(delivered - when.Middle);
        source.Accept(key, when.Middle, now);
        waiting.Enqueue(new TimelineEvent<T>(source, when, what, isLate, key), (when.Middle, number++));
        return TimelineOffer.Accepted;
    }
}
