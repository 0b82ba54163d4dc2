using Observe.Telemetry.Perfetto;
using Observe.Telemetry.Protobuf;
using Observe.Tests.Perfetto;

namespace Observe.Telemetry.Tests.Perfetto;

/// <summary>A trace as a reader of the format sees it: packets in the order of time, slices matched on their tracks.</summary>
internal sealed class ReadTrace
{
    private readonly Dictionary<ulong, string> names = [];
    private readonly Dictionary<ulong, string> annotationNames = [];

    public ReadTrace(PerfettoTrace trace)
        : this(Written(trace))
    {
    }

    public ReadTrace(byte[] trace)
    {
        Packets = [.. Trace.Parser.ParseFrom(trace).Packet];
        foreach (var packet in Packets)
            Intern(packet);
        var open = new Dictionary<ulong, Stack<Slice>>();
        // Readers sort by time and leave what has the same time in the file's order, as this sort does.
        foreach (var packet in Packets.Where(packet => packet.TrackEvent is not null).OrderBy(packet => packet.Timestamp))
            Follow(packet, open);
        open.Values.ShouldAllBe(stack => stack.Count == 0, "every slice ends");
    }

    public sealed record Slice(string Track, string Name, ulong Begin, ulong End, string Annotations);

    public List<TracePacket> Packets { get; }

    public List<Slice> Slices { get; } = [];

    public List<(string Track, string Name, ulong At, string Annotations)> Instants { get; } = [];

    public Dictionary<ulong, TrackDescriptor> Tracks { get; } = [];

    private static byte[] Written(PerfettoTrace trace)
    {
        var writer = new ProtobufWriter();
        trace.WriteTo(writer);
        return writer.Written.ToArray();
    }

    private void Intern(TracePacket packet)
    {
        packet.TrustedPacketSequenceId.ShouldNotBe(0u);
        // Without interned data or defaults of earlier packets only the first one can be read.
        packet.SequenceFlags.ShouldBe(ReferenceEquals(packet, Packets[0]) ? 1u : 2u);
        foreach (var each in packet.InternedData?.EventNames ?? [])
            names.Add(each.Iid, each.Name);
        foreach (var each in packet.InternedData?.DebugAnnotationNames ?? [])
            annotationNames.Add(each.Iid, each.Name);
        if (packet.TrackDescriptor is { } track)
            Tracks.Add(track.Uuid, track);
        // In the file an event's names and track come with it or before it.
        if (packet.TrackEvent is { } found)
        {
            Tracks.ShouldContainKey(found.TrackUuid);
            if (found.HasNameIid)
                names.ShouldContainKey(found.NameIid);
        }
    }

    private void Follow(TracePacket packet, Dictionary<ulong, Stack<Slice>> open)
    {
        var found = packet.TrackEvent;
        var track = Path(Tracks[found.TrackUuid]);
        var annotations = string.Join(",", found.DebugAnnotations.Select(each => $"{annotationNames[each.NameIid]}={each.StringValue}"));
        if (!open.TryGetValue(found.TrackUuid, out var stack))
            open[found.TrackUuid] = stack = new Stack<Slice>();
        switch (found.Type)
        {
            case TrackEvent.Types.Type.SliceBegin:
                stack.Push(new Slice(track, names[found.NameIid], packet.Timestamp, 0, annotations));
                break;
            case TrackEvent.Types.Type.SliceEnd:
                Slices.Add(stack.Pop() with { End = packet.Timestamp });
                break;
            case TrackEvent.Types.Type.Instant:
                Instants.Add((track, names[found.NameIid], packet.Timestamp, annotations));
                break;
            default:
                throw new InvalidDataException($"{found}");
        }
    }

    private string Path(TrackDescriptor track) => track.HasParentUuid ? $"{Path(Tracks[track.ParentUuid])}/{track.Name}" : track.Name;
}
