using System.Globalization;
using System.Text;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// The buckets of <see cref="ClassicLayout"/> as the classic formats write them. Every octave bound is a cell bound of
/// <see cref="ExponentialLayout"/>, so the cumulative counts are exact.
/// </summary>
internal static class ClassicBuckets
{
    /// <summary>Bounds besides +Inf.</summary>
    public const int Count = ClassicLayout.Bounds;

    private const int FirstOctave = ClassicLayout.FirstOctave;
    private const int CellsPerOctave = 1 << ExponentialLayout.Scale;

    private static readonly byte[][] TextLe = [.. Enumerable.Range(0, Count).Select(i => Le(i, "")), Encoding.ASCII.GetBytes("le=\"+Inf\"} ")];
    private static readonly byte[][] OpenMetricsLe = [.. Enumerable.Range(0, Count).Select(i => Le(i, ".0")), TextLe[Count]];

    /// <summary>Upper bound of a bucket in seconds, inclusive; <see cref="Count"/> is +Inf.</summary>
    public static double Bound(int bucket) => bucket == Count ? double.PositiveInfinity : Math.ScaleB(1, FirstOctave + bucket);

    /// <summary>Takes a bucket's exemplar off what is left of a histogram's; asked for one bucket after the other.</summary>
    /// <param name="left">Those of this bucket and of higher ones, the smallest value first and no two of one bucket.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="exemplar">Its exemplar.</param>
    /// <returns>Whether it has one.</returns>
    public static bool TakeFrom(ref ReadOnlySpan<Exemplar> left, int bucket, out Exemplar exemplar)
    {
        exemplar = default;
        if (left.IsEmpty || left[0].Value > Bound(bucket))
            return false;
        exemplar = left[0];
        left = left[1..];
        return true;
    }

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
