using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Events;

/// <summary>A histogram of durations, counted here. Thread-safe.</summary>
/// <param name="series">The series.</param>
internal sealed class SecondsHistogram(Series series)
{
    /// <summary>Cells an octave: 2^<see cref="ExponentialLayout.Scale"/>.</summary>
    private const int CellsPerOctave = 1 << ExponentialLayout.Scale;

    private readonly Lock gate = new();
    private readonly ulong[] cells = new ulong[ExponentialLayout.Cells];
    private double sum;
    private ulong count;

    /// <summary>Counts a duration.</summary>
    /// <param name="seconds">How long; what is negative is none.</param>
    public void Observe(double seconds)
    {
        var value = Math.Max(0, seconds);
        var cell = value <= ExponentialLayout.ZeroThreshold
            ? 0
            : Math.Clamp((int)Math.Ceiling(CellsPerOctave * Math.Log2(value)) - ExponentialLayout.Offset, 1, ExponentialLayout.Cells - 1);
        lock (gate)
        {
            cells[cell]++;
            sum += value;
            count++;
        }
    }

    /// <summary>Adds the point.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        lock (gate)
            builder.AddHistogram(series, sum, count, cells);
    }
}
