using System.Runtime.InteropServices;
using Observe.Telemetry.Protobuf;
using static Observe.Telemetry.Perfetto.PerfettoFields;

namespace Observe.Telemetry.Perfetto;

/// <summary>
/// A trace for ui.perfetto.dev and its trace processor: tracks with slices and instants, in UTC. What is added may come in any order and
/// overlap in any way. Holds as much as it is given: the bound is the caller's. Not thread-safe.
/// </summary>
public sealed class PerfettoTrace
{
    /// <summary>All packets are of one sequence; its id may be anything but 0.</summary>
    private const ulong SequenceId = 1;

    private readonly List<TraceTrack> tracks = [];
    private readonly List<TraceEvent> events = [];
    private readonly List<TraceClock> clocks;

    /// <summary>Begins an empty trace.</summary>
    /// <param name="clock">A reading of the host's clocks. The trace is in UTC; other traces of the host are laid beside it by this.</param>
    public PerfettoTrace(in TraceClock clock) => clocks = [clock];

    /// <summary>Slices and instants in it.</summary>
    public int Count => events.Count;

    /// <summary>Adds a track.</summary>
    /// <param name="name">What stands beside it.</param>
    /// <param name="parent">The track it is beneath; null for one at the top.</param>
    public TraceTrack AddTrack(string name, TraceTrack? parent = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var track = new TraceTrack(name, parent, tracks.Count);
        tracks.Add(track);
        return track;
    }

    /// <summary>Adds something that took time.</summary>
    /// <param name="track">Where, a track of this trace.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="beginUnixNano">Since when, ns since the Unix epoch.</param>
    /// <param name="endUnixNano">Until when.</param>
    /// <param name="annotations">What is shown of it when it is selected.</param>
    /// <exception cref="ArgumentException">It ends before it begins, or the track is another trace's.</exception>
    public void AddSlice(TraceTrack track, string name, ulong beginUnixNano, ulong endUnixNano, IReadOnlyList<KeyValuePair<string, string>>? annotations = null)
    {
        if (endUnixNano < beginUnixNano)
            throw new ArgumentException($"the slice '{name}' ends {beginUnixNano - endUnixNano} ns before it begins", nameof(endUnixNano));
        Add(track, name, beginUnixNano, endUnixNano, isInstant: false, annotations);
    }

    /// <summary>Adds a moment.</summary>
    /// <param name="track">Where, a track of this trace.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="atUnixNano">When, ns since the Unix epoch.</param>
    /// <param name="annotations">What is shown of it when it is selected.</param>
    /// <exception cref="ArgumentException">The track is another trace's.</exception>
    public void AddInstant(TraceTrack track, string name, ulong atUnixNano, IReadOnlyList<KeyValuePair<string, string>>? annotations = null) =>
        Add(track, name, atUnixNano, atUnixNano, isInstant: true, annotations);

    /// <summary>Adds another reading of the host's clocks, later than those before it.</summary>
    /// <param name="clock">The reading.</param>
    public void AddClock(in TraceClock clock) => clocks.Add(clock);

    /// <summary>Writes the trace behind what the writer has.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(ProtobufWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (var i = 0; i < clocks.Count; i++)
            WriteClock(clocks[i], isFirst: i == 0, writer);
        foreach (var track in tracks)
            WriteTrack(track, track.Uuid, writer);
        events.Sort();
        new EventWriter(writer, tracks.Count, WriteTrack).Write(CollectionsMarshal.AsSpan(events));
    }

    /// <summary>The first one begins the sequence, too, and says that all times in it are of CLOCK_REALTIME.</summary>
    private static void WriteClock(in TraceClock clock, bool isFirst, ProtobufWriter writer)
    {
        var packet = BeginPacket(isFirst ? SequenceCleared : SequenceNeedsState, writer);
        if (isFirst)
        {
            var defaults = writer.Begin(PacketDefaults);
            writer.WriteVarint(DefaultsClockId, Realtime);
            writer.End(defaults);
        }
        var snapshot = writer.Begin(PacketClockSnapshot);
        WriteReading(Realtime, clock.RealtimeNano, writer);
        WriteReading(Monotonic, clock.MonotonicNano, writer);
        WriteReading(Boottime, clock.BoottimeNano, writer);
        writer.WriteVarint(SnapshotPrimaryClock, Realtime);
        writer.End(snapshot);
        writer.End(packet);
    }

    private static void WriteReading(ulong clock, ulong nanoseconds, ProtobufWriter writer)
    {
        var reading = writer.Begin(SnapshotClock);
        writer.WriteVarint(ClockId, clock);
        writer.WriteVarint(ClockTimestamp, nanoseconds);
        writer.End(reading);
    }

    private static void WriteTrack(TraceTrack track, ulong uuid, ProtobufWriter writer)
    {
        var packet = BeginPacket(SequenceNeedsState, writer);
        var descriptor = writer.Begin(PacketTrackDescriptor);
        writer.WriteVarint(TrackUuid, uuid);
        writer.WriteString(TrackName, track.Name);
        if (track.Parent is { } parent)
            writer.WriteVarint(TrackParentUuid, parent.Uuid);
        writer.End(descriptor);
        writer.End(packet);
    }

    /// <summary>Opens a packet of the sequence.</summary>
    internal static ProtobufWriter.Mark BeginPacket(ulong flags, ProtobufWriter writer)
    {
        var packet = writer.Begin(TracePacket);
        writer.WriteVarint(PacketSequenceId, SequenceId);
        writer.WriteVarint(PacketSequenceFlags, flags);
        return packet;
    }

    private void Add(TraceTrack track, string name, ulong begin, ulong end, bool isInstant, IReadOnlyList<KeyValuePair<string, string>>? annotations)
    {
        ArgumentNullException.ThrowIfNull(track);
        ArgumentNullException.ThrowIfNull(name);
        if (track.Place >= tracks.Count || !ReferenceEquals(tracks[track.Place], track))
            throw new ArgumentException($"the track '{track.Name}' is another trace's", nameof(track));
        events.Add(new TraceEvent(track, name, begin, end, isInstant, annotations ?? [], events.Count));
    }
}
