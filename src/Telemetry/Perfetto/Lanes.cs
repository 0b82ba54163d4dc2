namespace Observe.Telemetry.Perfetto;

/// <summary>
/// Divides the slices of one track among lanes. Perfetto takes only slices that nest on a track: of two that overlap otherwise, it would
/// end the wrong one. Tracks of one name beneath one parent are drawn as one, so a lane is no more than a track.
/// </summary>
internal sealed class Lanes
{
    private readonly List<Stack<ulong>> open = [];
    private int used;

    /// <summary>Begins another track.</summary>
    public void Clear()
    {
        for (var lane = 0; lane < used; lane++)
            open[lane].Clear();
        used = 0;
    }

    /// <summary>Finds the first lane where a slice is within all that is open, or behind it.</summary>
    /// <param name="begin">When it begins: not before the one asked for last.</param>
    /// <param name="end">When it ends; of those that begin together the longest was asked for first.</param>
    /// <returns>The lane, from 0.</returns>
    public int Take(ulong begin, ulong end)
    {
        for (var lane = 0; ; lane++)
        {
            if (lane == used && ++used > open.Count)
                open.Add(new Stack<ulong>());
            var ends = open[lane];
            while (ends.TryPeek(out var over) && over <= begin)
                ends.Pop();
            if (ends.TryPeek(out var around) && around < end)
                continue;
            ends.Push(end);
            return lane;
        }
    }
}
