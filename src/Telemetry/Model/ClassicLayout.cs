namespace Observe.Telemetry.Model;

/// <summary>
/// The buckets in which classic formats show <see cref="ExponentialLayout"/>: one an octave from 2^-20 s (about 1 us) to 2^4 s
/// (16 s), and one for what is longer. Each has room for one exemplar.
/// </summary>
internal static class ClassicLayout
{
    /// <summary>The first bucket ends at 2 to this, in seconds.</summary>
    public const int FirstOctave = -20;

    /// <summary>The last bucket with an end ends at 2 to this, in seconds.</summary>
    public const int LastOctave = 4;

    /// <summary>Buckets with an end.</summary>
    public const int Bounds = LastOctave - FirstOctave + 1;

    /// <summary>All buckets.</summary>
    public const int Buckets = Bounds + 1;

    /// <summary>The bucket that counts a value: the first whose bound, inclusive, is not below it.</summary>
    /// <param name="value">Seconds; not NaN.</param>
    public static int BucketOf(double value)
    {
        if (!(value > 0))
            return 0;
        // Exact: no logarithm rounds here, and a power of two is its own octave's end.
        var octave = Math.ILogB(value);
        if (value > Math.ScaleB(1, octave))
            octave++;
        return Math.Clamp(octave - FirstOctave, 0, Bounds);
    }
}
