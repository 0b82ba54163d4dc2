namespace Observe.Telemetry.Perfetto;

/// <summary>Something on a track.</summary>
/// <param name="Track">Where.</param>
/// <param name="Name">What it is called; equal names are written once.</param>
/// <param name="Begin">Since when, ns since the Unix epoch.</param>
/// <param name="End">Until when, not before it began; of an instant the same.</param>
/// <param name="IsInstant">Whether it is a moment and no slice.</param>
/// <param name="Annotations">What is shown of it when it is selected; may be empty.</param>
/// <param name="Place">Which of the trace's events it is, in the order in which they were added.</param>
internal readonly record struct TraceEvent(
    TraceTrack Track, string Name, ulong Begin, ulong End, bool IsInstant, IReadOnlyList<KeyValuePair<string, string>> Annotations, int Place)
    : IComparable<TraceEvent>
{
    /// <summary>By track, then by time; of what begins together the longer first, so that the shorter is within it.</summary>
    public int CompareTo(TraceEvent other)
    {
        var order = Track.Place.CompareTo(other.Track.Place);
        order = order != 0 ? order : Begin.CompareTo(other.Begin);
        order = order != 0 ? order : other.End.CompareTo(End);
        return order != 0 ? order : Place.CompareTo(other.Place);
    }
}
