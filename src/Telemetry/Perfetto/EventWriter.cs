using Observe.Telemetry.Protobuf;
using static Observe.Telemetry.Perfetto.PerfettoFields;

namespace Observe.Telemetry.Perfetto;

/// <summary>Writes the events of a trace, lane by lane: readers order them by time, and leave those of one time as they stand here.</summary>
internal sealed class EventWriter(ProtobufWriter writer, int tracks, Action<TraceTrack, ulong, ProtobufWriter> writeTrack)
{
    private readonly InternedNames names = new();
    private readonly InternedNames annotationNames = new();
    private readonly Lanes lanes = new();
    private readonly List<(int Lane, int Event)> order = [];
    private readonly Stack<ulong> ends = new();
    private ulong lastUuid = (ulong)tracks;

    /// <summary>Writes them all.</summary>
    /// <param name="events">Sorted by themselves.</param>
    public void Write(ReadOnlySpan<TraceEvent> events)
    {
        while (!events.IsEmpty)
        {
            var count = 1;
            while (count < events.Length && ReferenceEquals(events[count].Track, events[0].Track))
                count++;
            WriteTrack(events[..count]);
            events = events[count..];
        }
    }

    private void WriteTrack(ReadOnlySpan<TraceEvent> events)
    {
        lanes.Clear();
        order.Clear();
        for (var i = 0; i < events.Length; i++)
            order.Add((events[i].IsInstant ? 0 : lanes.Take(events[i].Begin, events[i].End), i));
        order.Sort();
        var track = events[0].Track;
        var lane = 0;
        var uuid = track.Uuid;
        foreach (var (of, place) in order)
        {
            if (of != lane)
            {
                EndThrough(ulong.MaxValue, uuid);
                lane = of;
                writeTrack(track, uuid = ++lastUuid, writer);
            }
            ref readonly var each = ref events[place];
            EndThrough(each.Begin, uuid);
            WriteBegin(each, uuid);
            if (!each.IsInstant)
                ends.Push(each.End);
        }
        EndThrough(ulong.MaxValue, uuid);
    }

    private void EndThrough(ulong time, ulong uuid)
    {
        while (ends.TryPeek(out var end) && end <= time)
        {
            ends.Pop();
            var packet = BeginEvent(end);
            var message = writer.Begin(PacketTrackEvent);
            writer.WriteVarint(EventType, SliceEnd);
            writer.WriteVarint(EventTrackUuid, uuid);
            writer.End(message);
            writer.End(packet);
        }
    }

    private void WriteBegin(in TraceEvent each, ulong uuid)
    {
        var packet = BeginEvent(each.Begin);
        ProtobufWriter.Mark? interned = null;
        var name = NumberOf(names, InternedEventName, each.Name, ref interned);
        for (var i = 0; i < each.Annotations.Count; i++)
            NumberOf(annotationNames, InternedAnnotationName, each.Annotations[i].Key, ref interned);
        if (interned is { } open)
            writer.End(open);
        var message = writer.Begin(PacketTrackEvent);
        for (var i = 0; i < each.Annotations.Count; i++)
            WriteAnnotation(each.Annotations[i]);
        writer.WriteVarint(EventType, each.IsInstant ? Instant : SliceBegin);
        writer.WriteVarint(EventNameNumber, name);
        writer.WriteVarint(EventTrackUuid, uuid);
        writer.End(message);
        writer.End(packet);
    }

    private void WriteAnnotation(KeyValuePair<string, string> annotation)
    {
        var message = writer.Begin(EventAnnotation);
        writer.WriteVarint(AnnotationNameNumber, annotationNames.NumberOf(annotation.Key, out _));
        writer.WriteString(AnnotationText, annotation.Value);
        writer.End(message);
    }

    private ulong NumberOf(InternedNames index, int field, string text, ref ProtobufWriter.Mark? interned)
    {
        var number = index.NumberOf(text, out var isNew);
        if (!isNew)
            return number;
        interned ??= writer.Begin(PacketInternedData);
        InternedNames.Write(field, number, text, writer);
        return number;
    }

    private ProtobufWriter.Mark BeginEvent(ulong time)
    {
        var packet = PerfettoTrace.BeginPacket(SequenceNeedsState, writer);
        writer.WriteVarint(PacketTimestamp, time);
        return packet;
    }
}
