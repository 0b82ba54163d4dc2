namespace Observe.Telemetry.Model;

/// <summary>
/// The exemplars of one histogram: the newest of each octave, so that a rare long wait is not pushed out by frequent short ones. One
/// octave is a bucket of the classic formats, which take no more than one exemplar each. Allocates when an octave gets its first.
/// Offered to and read from any thread.
/// </summary>
public sealed class ExemplarSlots
{
    /// <summary>Most that are held: one a bucket of the classic formats.</summary>
    public const int Capacity = ClassicLayout.Buckets;

    /// <summary>
    /// Age at which one is not shown any more, ns: 5 minutes. Every scraper comes by more than once until then (Prometheus' series go
    /// stale after 5 minutes without a scrape); showing it for longer would bring no backend anything that it does not have.
    /// </summary>
    public const ulong MaxAgeNano = 300_000_000_000;

    /// <summary>Stalls are told of above a threshold only, and so fall into few octaves.</summary>
    private const int FirstSize = 4;

    private readonly Lock gate = new();
    private Exemplar[] held = [];
    private int count;

    /// <summary>
    /// Takes an exemplar unless its bucket has a newer one: Prometheus takes those of a series in the order of time only. One that
    /// is newer by more than <see cref="MaxAgeNano"/> gives way: it is from before the clock was set back.
    /// </summary>
    /// <param name="exemplar">The exemplar.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ArgumentException">Its value is not finite or negative, or it names no span.</exception>
    public bool Offer(in Exemplar exemplar)
    {
        if (!double.IsFinite(exemplar.Value) || exemplar.Value < 0)
            throw new ArgumentException($"an exemplar's value is a duration in seconds, not {exemplar.Value}", nameof(exemplar));
        if (exemplar.TraceId == 0 || exemplar.SpanId == 0)
            throw new ArgumentException("an exemplar needs the ids of a trace and a span; 0 is neither", nameof(exemplar));
        lock (gate)
        {
            var place = PlaceOf(ClassicLayout.BucketOf(exemplar.Value), out var taken);
            if (!taken)
                MakeRoom(place);
            else if (held[place].TimeUnixNano > exemplar.TimeUnixNano && held[place].TimeUnixNano - exemplar.TimeUnixNano <= MaxAgeNano)
                return false;
            held[place] = exemplar;
            return true;
        }
    }

    /// <summary>Copies what is held, by value, the smallest first: no two of one bucket.</summary>
    /// <param name="to">Room for <see cref="Capacity"/>.</param>
    /// <returns>How many there are.</returns>
    public int CopyTo(Span<Exemplar> to)
    {
        lock (gate)
        {
            held.AsSpan(0, count).CopyTo(to);
            return count;
        }
    }

    private int PlaceOf(int bucket, out bool taken)
    {
        var place = 0;
        while (place < count && ClassicLayout.BucketOf(held[place].Value) < bucket)
            place++;
        taken = place < count && ClassicLayout.BucketOf(held[place].Value) == bucket;
        return place;
    }

    private void MakeRoom(int place)
    {
        if (count == held.Length)
            Array.Resize(ref held, Math.Clamp(count * 2, FirstSize, Capacity));
        held.AsSpan(place, count - place).CopyTo(held.AsSpan(place + 1));
        count++;
    }
}
