namespace Observe.Telemetry.Time;

/// <summary>What is known of a source before it has said anything.</summary>
/// <param name="Lateness">How far out of order its events come, ns: as long is waited for an older one.</param>
/// <param name="MaxLateness">How far that may grow when events turn out to be later, ns.</param>
/// <param name="IdleAfter">Silence after which nobody waits for it any more, ns.</param>
/// <param name="Keys">Events whose keys are remembered, to tell which have come already; what comes again later than that is taken for new.</param>
public sealed record TimelineSourceOptions(long Lateness, long MaxLateness, long IdleAfter, int Keys = 16384);
