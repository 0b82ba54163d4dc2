using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>The fake's clock as if its offset were known: to a second on each side.</summary>
internal sealed class ShownClock(FakeVCenter vcenter) : IVCenterClock
{
    public bool IsReady => true;

    public DateTimeOffset Now => vcenter.Clock.Now;

    public static long Nano(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public UtcInterval ToUtc(DateTimeOffset stamp, TimeSpan resolution) => UtcInterval.Around(Nano(stamp - vcenter.Clock.Offset), 1_000_000_000);
}
