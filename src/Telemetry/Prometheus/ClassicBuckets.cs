using System.Globalization;
using System.Text;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// The buckets of the classic formats: one an octave from 2^-20 s (about 1 us) to 2^4 s (16 s), and +Inf. Every octave bound is
/// a cell bound of <see cref="ExponentialLayout"/>, so the cumulative counts are exact.
/// </summary>
internal static class ClassicBuckets
{
    /// <summary>Bounds besides +Inf.</summary>
    public const int Count = LastOctave - FirstOctave + 1;

    private const int FirstOctave = -20;
    private const int LastOctave = 4;
    private const int CellsPerOctave = 1 << ExponentialLayout.Scale;

    private static readonly byte[][] TextLe = [.. Enumerable.Range(0, Count).Select(i => Le(i, "")), Encoding.ASCII.GetBytes("le=\"+Inf\"} ")];
    private static readonly byte[][] OpenMetricsLe = [.. Enumerable.Range(0, Count).Select(i => Le(i, ".0")), TextLe[Count]];

    /// <summary>Upper bound of a bucket in seconds, inclusive; <see cref="Count"/> is +Inf.</summary>
    public static double Bound(int bucket) => bucket == Count ? double.PositiveInfinity : Math.ScaleB(1, FirstOctave + bucket);

    /// <summary>The cell after the last one that belongs in this bucket or a lower one.</summary>
    public static int EndCell(int bucket) => bucket == Count ? ExponentialLayout.Cells : (CellsPerOctave * (FirstOctave + bucket)) - ExponentialLayout.Offset + 1;

    /// <summary>The end of a bucket's line before its value in text 0.0.4: <c>le="0.5"} </c>.</summary>
    public static ReadOnlySpan<byte> LeText(int bucket) => TextLe[bucket];

    /// <summary>The same in OpenMetrics, whose whole numbers are written <c>1.0</c>.</summary>
    public static ReadOnlySpan<byte> LeOpenMetrics(int bucket) => OpenMetricsLe[bucket];

    private static byte[] Le(int bucket, string afterWhole)
    {
        Span<byte> number = stackalloc byte[GoFloat.MaxLength];
        var length = GoFloat.Format(Bound(bucket), number);
        var whole = double.IsInteger(Bound(bucket)) ? afterWhole : "";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"le=\"{Encoding.ASCII.GetString(number[..length])}{whole}\"}} "));
    }
}
