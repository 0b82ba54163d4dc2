using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A clock of the server that is known exactly; it may be wrong itself.</summary>
internal sealed class TrueClock(FakeClock clock) : IVCenterClock
{
    public bool IsReady { get; set; } = true;

    public DateTimeOffset Now => clock.Now;

    public UtcInterval ToUtc(DateTimeOffset stamp, TimeSpan resolution)
    {
        var earliest = (stamp - clock.Offset - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new UtcInterval(earliest, earliest + (resolution.Ticks * 100));
    }
}
