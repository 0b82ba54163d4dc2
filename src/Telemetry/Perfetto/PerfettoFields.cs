namespace Observe.Telemetry.Perfetto;

/// <summary>Field numbers and enumerations of Perfetto's <c>protos/perfetto/trace</c> (https://perfetto.dev/docs/reference/trace-packet-proto).</summary>
internal static class PerfettoFields
{
    public const int TracePacket = 1;

    public const int PacketClockSnapshot = 6;
    public const int PacketTimestamp = 8;
    public const int PacketSequenceId = 10;
    public const int PacketTrackEvent = 11;
    public const int PacketInternedData = 12;
    public const int PacketSequenceFlags = 13;
    public const int PacketDefaults = 59;
    public const int PacketTrackDescriptor = 60;

    public const ulong SequenceCleared = 1;
    public const ulong SequenceNeedsState = 2;

    public const int DefaultsClockId = 58;

    public const int SnapshotClock = 1;
    public const int SnapshotPrimaryClock = 2;
    public const int ClockId = 1;
    public const int ClockTimestamp = 2;
    public const ulong Realtime = 1;
    public const ulong Monotonic = 3;
    public const ulong Boottime = 6;

    public const int TrackUuid = 1;
    public const int TrackName = 2;
    public const int TrackParentUuid = 5;

    public const int EventAnnotation = 4;
    public const int EventType = 9;
    public const int EventNameNumber = 10;
    public const int EventTrackUuid = 11;
    public const ulong SliceBegin = 1;
    public const ulong SliceEnd = 2;
    public const ulong Instant = 3;

    public const int AnnotationNameNumber = 1;
    public const int AnnotationText = 6;

    public const int InternedEventName = 2;
    public const int InternedAnnotationName = 3;
    public const int InternedNumber = 1;
    public const int InternedText = 2;
}
