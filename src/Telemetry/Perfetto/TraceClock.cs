namespace Observe.Telemetry.Perfetto;

/// <summary>What the host's clocks showed at one moment: Perfetto lays other traces of the same host beside this one by it.</summary>
/// <param name="RealtimeNano">CLOCK_REALTIME, ns since the Unix epoch.</param>
/// <param name="MonotonicNano">CLOCK_MONOTONIC, ns.</param>
/// <param name="BoottimeNano">CLOCK_BOOTTIME, ns: the clock of traces that Perfetto records itself.</param>
public readonly record struct TraceClock(ulong RealtimeNano, ulong MonotonicNano, ulong BoottimeNano);
