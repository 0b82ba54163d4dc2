namespace Observe.Collectors.Migrations;

/// <summary>While the machine may have stood still. On CLOCK_MONOTONIC, ns.</summary>
/// <param name="Sign">What it was noticed by.</param>
/// <param name="BeginEarliest">It still ran then.</param>
/// <param name="BeginLatest">It would have done something then, had it run.</param>
/// <param name="EndEarliest">It ended not before.</param>
/// <param name="EndLatest">It ran again then.</param>
/// <param name="Length">How long it stood still, ns: of a late one at least.</param>
internal readonly record struct Standstill(BlackoutSign Sign, long BeginEarliest, long BeginLatest, long EndEarliest, long EndLatest, long Length)
{
    /// <summary>Whether the two may be the same.</summary>
    /// <param name="other">The other.</param>
    public bool MayBe(in Standstill other) => Sign == other.Sign && BeginEarliest <= other.EndLatest && other.BeginEarliest <= EndLatest;

    /// <summary>What both say of the same one.</summary>
    /// <param name="other">The other.</param>
    public Standstill Narrow(in Standstill other)
    {
        var (earliest, latest) = (Math.Max(BeginEarliest, other.BeginEarliest), Math.Min(BeginLatest, other.BeginLatest));
        var end = Math.Min(EndLatest, other.EndLatest);
        return this with
        {
            BeginEarliest = Math.Min(earliest, latest),
            BeginLatest = latest,
            EndEarliest = Math.Min(EndEarliest, end),
            EndLatest = end,
            Length = Math.Max(Length, other.Length),
        };
    }
}
