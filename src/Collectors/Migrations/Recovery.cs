using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>How the waits of this host's threads came back to what they were before it was moved.</summary>
/// <param name="Outcome">Whether they did.</param>
/// <param name="Until">From when on they were back, or when that was given up; if nothing is known, when it was asked.</param>
/// <param name="Baseline">95th percentile of waits in an ordinary second before, s; NaN if unknown, as the following.</param>
/// <param name="Peak">In the worst second since, s.</param>
/// <param name="After">In the second from which on they were back, s.</param>
internal sealed record Recovery(RecoveryOutcome Outcome, UtcInterval Until, double Baseline, double Peak, double After);
