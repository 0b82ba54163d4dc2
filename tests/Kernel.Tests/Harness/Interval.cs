namespace Observe.Kernel.Tests.Harness;

/// <summary>Bounds within which a true value lies, because it was read before and after the moment in question.</summary>
/// <param name="Low">The least it can be.</param>
/// <param name="High">The most it can be.</param>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>The middle.</summary>
    public double Middle => (Low + High) / 2;

    /// <summary>How far apart the bounds are.</summary>
    public double Width => High - Low;

    /// <summary>A value that is known exactly.</summary>
    public static implicit operator Interval(double exact) => new(exact, exact);

    public static Interval operator +(Interval a, Interval b) => new(a.Low + b.Low, a.High + b.High);

    public static Interval operator -(Interval a, Interval b) => new(a.Low - b.High, a.High - b.Low);

    public static Interval operator *(Interval a, double factor) => new(a.Low * factor, a.High * factor);

    /// <summary>How far outside of the bounds a value is; 0 within.</summary>
    public double Miss(double value) => Math.Max(0, Math.Max(Low - value, value - High));
}
