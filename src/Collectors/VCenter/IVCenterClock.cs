using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter;

/// <summary>When it was that a vCenter's clock showed something. Thread-safe.</summary>
internal interface IVCenterClock
{
    /// <summary>Whether it has been asked at least once.</summary>
    bool IsReady { get; }

    /// <summary>When it was.</summary>
    /// <param name="stamp">What the vCenter's clock showed.</param>
    /// <param name="resolution">What it cut off.</param>
    UtcInterval ToUtc(DateTimeOffset stamp, TimeSpan resolution);

    /// <summary>What the vCenter's clock shows about now: only to choose what to ask for.</summary>
    DateTimeOffset Now { get; }
}
