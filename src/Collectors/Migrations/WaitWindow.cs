using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>How long the host's threads waited for CPUs during a second or so.</summary>
/// <param name="Begin">From when.</param>
/// <param name="End">Until when.</param>
/// <param name="P95">95 of 100 waits were as long or shorter, s.</param>
/// <param name="Pressure">Waited time over run time: seconds that threads waited for each that they ran.</param>
internal readonly record struct WaitWindow(UtcInterval Begin, UtcInterval End, double P95, double Pressure);
