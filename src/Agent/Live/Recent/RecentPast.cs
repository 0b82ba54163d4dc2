using System.Diagnostics;
using Observe.Collectors.Events;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Time;

namespace Observe.Agent.Live.Recent;

/// <summary>
/// What happened not long ago: what the timeline delivered and the spans made of it, the newest of them. What is let go of is old and not
/// lost: it has been counted and, where somebody takes it, exported. Does nothing by itself. Thread-safe.
/// </summary>
/// <param name="subjects">Finds out to what it happened.</param>
/// <param name="sequence">Numbers it.</param>
/// <param name="time">The clock.</param>
public sealed class RecentPast(RecentSubjects subjects, LiveSequence sequence, TimeProvider time) : IEventSink, ISpanSink, IStallObserver
{
    /// <summary>Most that is kept: some 600 bytes each. 80 s of as many stalls as are told a second at most, days of what else happens.</summary>
    public const int Capacity = 4096;

    /// <summary>The longest that anything is shown.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>The source of what several events together say.</summary>
    public const string Spans = "spans";

    /// <summary>What the names of all stalls begin with.</summary>
    private const string StallPrefix = "stall.";

    /// <summary>Attributes of a span that are kept.</summary>
    private const int MostAttributes = 24;

    private readonly Lock gate = new();
    private readonly LinkedList<RecentEvent> kept = new();

    // By reference, until their place among the spans is decided: at most as many as are kept.
    private readonly Dictionary<Stall, LinkedListNode<RecentEvent>> undecided = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ActivitySpanId, LinkedListNode<RecentEvent>> decided = [];

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return kept.Count;
        }
    }

    /// <inheritdoc/>
    public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        lock (gate)
        {
            var now = time.GetTimestamp();
            foreach (var each in events)
                Keep(each.What is Stall stall ? Of(each, stall) : Of(each), now, each.What as Stall);
        }
    }

    /// <inheritdoc/>
    public void Decided(Stall stall, Verdict verdict, ActivityTraceId trace, ActivitySpanId span)
    {
        lock (gate)
        {
            if (!undecided.Remove(stall, out var node))
                return;
            node.Value = node.Value with { Trace = trace, Span = span, Changed = sequence.Next() };
            decided[span] = node;
        }
    }

    /// <inheritdoc/>
    public void Offer(ObservedSpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        lock (gate)
        {
            if (decided.Remove(span.Id, out var node))
            {
                Amend(node, span);
                return;
            }
            // One that has been let go of, or was told before this began.
            if (span.Descriptor.Name.StartsWith(StallPrefix, StringComparison.Ordinal))
                return;
            KeyValuePair<string, string>[] attributes = [.. span.Attributes.Take(MostAttributes).Select(each => new KeyValuePair<string, string>(each.Key, TextOf(each.Value)))];
            Keep(new RecentEvent(sequence.Next(), subjects.Of(null, attributes), Spans, span.Descriptor.Name, span.Begin, span.End, attributes)
            {
                HasLength = true,
                Problem = span.IsError ? span.Problem ?? "ended badly" : null,
                Trace = span.Trace,
                Span = span.Id,
            }, time.GetTimestamp(), null);
        }
    }

    /// <summary>What came, or changed, after a number, the oldest first.</summary>
    /// <param name="number">The number.</param>
    /// <param name="most">How many at most: of more, the newest.</param>
    public IReadOnlyList<RecentEvent> Since(long number, int most)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            // From the newest: whoever looks again has seen nearly all of it.
            List<RecentEvent> found = [];
            for (var node = kept.Last; node is not null && found.Count < most && IsRecent(node.Value, now, Age); node = node.Previous)
            {
                if (node.Value.Changed > number)
                    found.Add(node.Value);
            }
            found.Reverse();
            return found;
        }
    }

    /// <summary>What was told not longer ago than this, the oldest first.</summary>
    /// <param name="age">How long ago.</param>
    public IReadOnlyList<RecentEvent> Within(TimeSpan age)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            return [.. kept.Where(each => IsRecent(each, now, age))];
        }
    }

    private static string TextOf(object value) => value is Array list ? string.Join(", ", list.Cast<object>()) : FormattableString.Invariant($"{value}");

    private RecentEvent Of(in TimelineEvent<ObservedEvent> each) =>
        new(sequence.Next(), subjects.Of(each.What.Subject, each.What.Attributes), each.Source.Name, each.What.Name, each.When, each.When, each.What.Attributes) { IsLate = each.IsLate };

    private RecentEvent Of(in TimelineEvent<ObservedEvent> each, Stall stall) =>
        new(sequence.Next(), RecentSubjects.Of(stall), each.Source.Name, stall.Name, stall.Begin, stall.End, stall.Attributes)
        {
            HasLength = true,
            IsLate = each.IsLate,
            Stall = RecentStall.Of(stall),
        };

    private void Keep(RecentEvent each, long now, Stall? stall)
    {
        var node = kept.AddLast(each with { ToldAt = now });
        if (stall is not null)
            undecided[stall] = node;
        while (kept.Count > Capacity || !IsRecent(kept.First!.Value, now, Age))
            Forget(kept.First!);
    }

    private void Forget(LinkedListNode<RecentEvent> oldest)
    {
        kept.Remove(oldest);
        decided.Remove(oldest.Value.Span);
        if (oldest.Value.Stall is null || oldest.Value.Trace != default)
            return;
        foreach (var (stall, node) in undecided)
        {
            if (ReferenceEquals(node, oldest))
            {
                undecided.Remove(stall);
                return;
            }
        }
    }

    private void Amend(LinkedListNode<RecentEvent> node, ObservedSpan span)
    {
        // A migration, which only the correlator knows of, may have changed the verdict.
        if (node.Value.Stall is { } stall && Find("observe.stall.verdict") is { } verdict)
            node.Value = node.Value with { Changed = sequence.Next(), Stall = stall with { Verdict = verdict, Evidence = Find("observe.stall.evidence") ?? stall.Evidence } };

        string? Find(string name) => span.Attributes.FirstOrDefault(each => each.Key == name).Value as string;
    }

    private bool IsRecent(RecentEvent each, long now, TimeSpan age) => time.GetElapsedTime(each.ToldAt, now) <= age;
}
