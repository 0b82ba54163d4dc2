namespace Observe.Telemetry.Model;

/// <summary>
/// The one layout of every histogram: exponential, base 2^(1/4) (scale 2, Prometheus schema 2), in seconds.
/// Cell 0 counts values at or below <see cref="ZeroThreshold"/>; cell k (1-based) counts values in
/// (2^((k-1+Offset)/4), 2^((k+Offset)/4)] seconds. The kernel side (<c>bpf/ledger.h</c>) counts in the same cells.
/// </summary>
public static class ExponentialLayout
{
    /// <summary>OTLP scale and Prometheus native schema: 4 buckets an octave, at most 9 % from bucket middle to edge.</summary>
    public const int Scale = 2;

    /// <summary>OTLP index of cell 1: its lower bound is 2^(Offset/4) s = 2^-24 s, about 60 ns.</summary>
    public const int Offset = -96;

    /// <summary>Cells in all: the zero cell and 137 buckets, up to 2^(41/4) s, about 20 minutes; the last also takes what is longer.</summary>
    public const int Cells = 138;

    /// <summary>Upper bound of the zero cell, in seconds: 2^-24.</summary>
    public const double ZeroThreshold = 1.0 / (1 << 24);

    /// <summary>Inclusive upper bound, in seconds, of a cell.</summary>
    /// <param name="cell">0 (zero cell) to <see cref="Cells"/> - 1.</param>
    public static double UpperBound(int cell) => Math.Pow(2, (cell + Offset) / 4.0);
}
