namespace Observe.Telemetry.Perfetto;

/// <summary>A row of a trace: what is on it is drawn one behind the other, and one beneath the other where it overlaps.</summary>
public sealed class TraceTrack
{
    internal TraceTrack(string name, TraceTrack? parent, int place)
    {
        Name = name;
        Parent = parent;
        Place = place;
    }

    /// <summary>What stands beside it.</summary>
    public string Name { get; }

    /// <summary>The row that it is beneath; null at the top.</summary>
    public TraceTrack? Parent { get; }

    /// <summary>Which of the trace's tracks it is, from 0.</summary>
    internal int Place { get; }

    /// <summary>The id of its first lane: 0 means no track to Perfetto.</summary>
    internal ulong Uuid => (ulong)Place + 1;
}
