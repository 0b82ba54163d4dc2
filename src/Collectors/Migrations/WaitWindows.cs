using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>
/// The host's waits of the last ten minutes, second by second: what vCenters tell of comes late, and how the waits were before it is asked
/// for afterwards. Thread-safe.
/// </summary>
internal sealed class WaitWindows
{
    /// <summary>Seconds kept.</summary>
    private const int Kept = 600;

    /// <summary>Longest that a window may be: one in which nobody looked says nothing of a second.</summary>
    private const long Longest = 20_000_000_000;

    private readonly Lock gate = new();
    private readonly Queue<WaitWindow> windows = new();
    private readonly uint[] before = new uint[ExponentialLayout.Cells];
    private (long At, UtcInterval When, long WaitSum, long Running)? last;

    /// <summary>Windows kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return windows.Count;
        }
    }

    /// <summary>Takes a reading: what it adds to the one before is a window.</summary>
    /// <param name="at">CLOCK_MONOTONIC, ns.</param>
    /// <param name="when">The same moment.</param>
    /// <param name="totals">What all have waited by then.</param>
    public void Take(long at, UtcInterval when, WaitTotals totals)
    {
        lock (gate)
        {
            if (last is { } begin && at - begin.At <= Longest)
            {
                var ran = Math.Max(1, totals.Running - begin.Running);
                Add(new WaitWindow(begin.When, when, P95(totals.Waits), Math.Max(0, totals.WaitSum - begin.WaitSum) / (double)ran));
            }
            last = (at, when, totals.WaitSum, totals.Running);
            totals.Waits.CopyTo(before, 0);
        }
    }

    /// <summary>Adds one.</summary>
    /// <param name="window">Later than all others.</param>
    internal void Add(WaitWindow window)
    {
        lock (gate)
        {
            if (windows.Count == Kept)
                windows.Dequeue();
            windows.Enqueue(window);
        }
    }

    /// <summary>Nothing is known of what follows: the next reading begins anew.</summary>
    public void Break()
    {
        lock (gate)
            last = null;
    }

    /// <summary>All of them, the oldest first.</summary>
    public WaitWindow[] ToArray()
    {
        lock (gate)
            return [.. windows];
    }

    /// <summary>The upper bound of the cell that it lies in, s; 0 if nobody waited.</summary>
    private double P95(uint[] now)
    {
        var total = 0L;
        for (var i = 0; i < now.Length; i++)
            total += now[i] - before[i];
        var above = total - (long)Math.Ceiling(total * 0.95);
        for (var cell = now.Length - 1; cell > 0; cell--)
        {
            above -= now[cell] - before[cell];
            if (above < 0)
                return ExponentialLayout.UpperBound(cell);
        }
        return 0;
    }
}
