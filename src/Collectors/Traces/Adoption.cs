using Observe.Collectors.Self;
using Observe.Collectors.Traces.Operations;

namespace Observe.Collectors.Traces;

/// <summary>
/// What happened on this host, held until it is known which operations on its virtual machine or on that one's host it lies in. It is an
/// operation's child only if it lies in it for certain, and that can only be said once the operation is over. One thread at a time.
/// </summary>
/// <param name="operations">The operations.</param>
/// <param name="timings">How long is waited.</param>
/// <param name="losses">Where those are counted that are decided early, for want of room.</param>
internal sealed class Adoption(OperationBook operations, TraceTimings timings, LossCounters losses)
{
    /// <summary>Spans held at once: some 500 bytes each.</summary>
    private const int Capacity = 16384;

    /// <summary>Most links of a span.</summary>
    private const int MostLinks = 8;

    private readonly LossCounter hurried = losses.Counter("trace_decided_early");
    private readonly LossCounter failed = losses.Counter("trace_span_failed");
    private readonly Queue<Held> settling = new();
    private readonly LinkedList<Held> waiting = new();
    private Exception? failure;

    /// <summary>Spans held.</summary>
    public int Count => settling.Count + waiting.Count;

    /// <summary>Holds one.</summary>
    /// <param name="extent">When it was.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    /// <param name="decided">Told where it stands; once.</param>
    public void Hold(Extent extent, TimeSpan now, Action<Placement> decided)
    {
        if (Count >= Capacity && settling.TryDequeue(out var oldest))
        {
            hurried.Add();
            Decide(oldest);
        }
        settling.Enqueue(new Held(extent, now, decided));
    }

    /// <summary>Decides what can be decided.</summary>
    /// <param name="now">A moment of the same clock.</param>
    /// <param name="isEnding">Whether there will be no other: then all is.</param>
    /// <exception cref="InvalidOperationException">Of some no span could be made; of all others one was.</exception>
    public void Advance(TimeSpan now, bool isEnding = false)
    {
        for (var node = waiting.First; node is not null;)
        {
            var next = node.Next;
            if (Try(node.Value, now, isEnding))
                waiting.Remove(node);
            node = next;
        }
        while (settling.TryPeek(out var held) && (isEnding || now - held.Since >= timings.Settle))
        {
            settling.Dequeue();
            if (!Try(held, now, isEnding))
                waiting.AddLast(held);
        }
        if (Interlocked.Exchange(ref failure, null) is { } first)
            throw new InvalidOperationException($"no span could be made of some of what is over, first: {first.Message}", first);
    }

    private bool Try(Held held, TimeSpan now, bool isEnding)
    {
        var mayWait = !isEnding && now - held.Since < timings.Patience;
        if (mayWait && operations.OfThisHost(held.Extent).Any(each => !each.IsOver))
            return false;
        Decide(held);
        return true;
    }

    /// <summary>One of which no span can be made costs no other its own.</summary>
    private void Decide(Held held)
    {
        try
        {
            held.Decided(Place(held.Extent, mayStandInside: true));
        }
        catch (Exception error)
        {
            failed.Add();
            failure ??= error;
        }
    }

    /// <summary>Where something stands by what is known now.</summary>
    /// <param name="extent">When it was.</param>
    /// <param name="mayStandInside">Whether it may be put into an operation; else it is only linked.</param>
    public Placement Place(Extent extent, bool mayStandInside)
    {
        Operation? inside = null;
        List<SpanLink>? links = null;
        foreach (var each in operations.OfThisHost(extent))
        {
            // Of several the shortest: a migration that a host's maintenance began.
            var other = each;
            if (mayStandInside && each.IsOver && each.Extent.SurelyContains(extent) && (inside is null || inside.Extent.SurelyContains(each.Extent)))
                (inside, other) = (each, inside);
            if (other is not null && (links ??= []).Count < MostLinks)
                links.Add(new SpanLink(other.Trace, other.Span, SpanLink.Overlaps));
        }
        return inside is null
            ? links is null ? Placement.Alone : Placement.Alone with { Links = links }
            : new Placement(inside.Trace, inside.Span, (IReadOnlyList<SpanLink>?)links ?? [], inside.IsMigration && operations.IsOfThisMachine(inside), inside.Extent);
    }

    /// <param name="Extent">When it was.</param>
    /// <param name="Since">When it came.</param>
    /// <param name="Decided">Told where it stands.</param>
    private sealed record Held(Extent Extent, TimeSpan Since, Action<Placement> Decided);
}
