using Observe.Collectors.Migrations;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Migrations;

/// <summary>Seconds of waits, of sums that only grow and counts that wrap.</summary>
public sealed class WaitWindowsTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Take_TwoReadings_IsWhatCameBetween()
    {
        var windows = new WaitWindows();
        var totals = new WaitTotals { WaitSum = 100, Running = 1000 };
        totals.Waits[10] = uint.MaxValue - 5;
        Take(windows, 1, totals);
        windows.Count.ShouldBe(0);
        // 95 in one cell, over the end of its range, and 5 above.
        totals.Waits[10] += 95;
        totals.Waits[40] += 4;
        totals.Waits[60] += 1;
        (totals.WaitSum, totals.Running) = (600, 2000);
        Take(windows, 2, totals);
        var window = windows.ToArray().ShouldHaveSingleItem();
        window.P95.ShouldBe(ExponentialLayout.UpperBound(10));
        window.Pressure.ShouldBe(0.5);
        totals.Waits[10] += 94;
        totals.Waits[40] += 6;
        Take(windows, 3, totals);
        windows.ToArray()[1].P95.ShouldBe(ExponentialLayout.UpperBound(40));
        Take(windows, 4, totals);
        windows.ToArray()[2].P95.ShouldBe(0, "nobody waited");
    }

    [Fact]
    public void Take_AfterABreak_BeginsAnew()
    {
        var windows = new WaitWindows();
        Take(windows, 1, new WaitTotals());
        windows.Break();
        Take(windows, 2, new WaitTotals());
        windows.Count.ShouldBe(0);
        Take(windows, 40, new WaitTotals());
        windows.Count.ShouldBe(0, "nobody looked for long");
        for (var i = 41; i < 800; i++)
            Take(windows, i, new WaitTotals());
        windows.Count.ShouldBe(600);
    }

    private static void Take(WaitWindows windows, long at, WaitTotals totals) => windows.Take(at * Second, UtcInterval.Around(at * Second, 0), totals);
}
