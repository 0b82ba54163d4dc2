using System.Buffers.Text;
using System.Globalization;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// Numbers as Prometheus and its Go clients print them (<c>strconv.AppendFloat(f, 'g', -1, 64)</c>): the shortest digits that
/// read back as the same double, with an exponent below 1e-4 and from 1e6 on.
/// </summary>
internal static class GoFloat
{
    /// <summary>Sign, 17 digits, point, <c>e-308</c>: 24 bytes.</summary>
    internal const int MaxLength = 24;

    private const ulong MantissaBits = (1UL << 52) - 1;
    private const double FirstLarge = 1e6;
    private const double LastSmall = 1e-4;

    /// <summary>Writes the number and returns its length.</summary>
    /// <param name="value">Any double; -0 is written as 0, as Prometheus' clients do.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int Format(double value, Span<byte> to)
    {
        if (!double.IsFinite(value))
            return Copy(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8, to);
        var magnitude = Math.Abs(value);
        int written;
        if (magnitude < FirstLarge && magnitude == (int)magnitude)
        {
            Utf8Formatter.TryFormat((int)value, to, out written);
            return written;
        }
        // Between the two thresholds .NET's shortest form and Go's are the same text.
        if (magnitude is >= LastSmall and < FirstLarge)
        {
            value.TryFormat(to, out written, default, CultureInfo.InvariantCulture);
            return written;
        }
        return FormatWithExponent(value, to);
    }

    /// <summary>.NET writes 1.5E-07 or 1234567.5 where Go writes 1.5e-07 and 1.2345675e+06: the same digits, set differently.</summary>
    private static int FormatWithExponent(double value, Span<byte> to)
    {
        Span<byte> shortest = stackalloc byte[MaxLength + 1];
        value.TryFormat(shortest, out var length, IsPowerOfTwo(value) && !ReadsBack(value) ? "G17" : default, CultureInfo.InvariantCulture);
        var mantissa = shortest[..length].TrimStart((byte)'-');
        var exponent = 0;
        if (mantissa.IndexOf((byte)'E') is > 0 and var e)
        {
            exponent = int.Parse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..e];
        }
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa.Length : point;
        Span<byte> digits = stackalloc byte[MaxLength + 1];
        mantissa[..whole].CopyTo(digits);
        if (point >= 0)
            mantissa[(point + 1)..].CopyTo(digits[whole..]);
        digits = digits[..(point < 0 ? mantissa.Length : mantissa.Length - 1)];
        var zeros = digits.IndexOfAnyExcept((byte)'0');
        return PutScientific(value < 0, digits[zeros..].TrimEnd((byte)'0'), exponent + whole - zeros - 1, to);
    }

    private static bool IsPowerOfTwo(double value) => (BitConverter.DoubleToUInt64Bits(value) & MantissaBits) == 0;

    // .NET writes 2^-25 with a digit too few: below a power of two doubles are denser than above it.
    private static bool ReadsBack(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength + 1];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..length], CultureInfo.InvariantCulture).Equals(value);
    }

    private static int PutScientific(bool negative, ReadOnlySpan<byte> digits, int exponent, Span<byte> to)
    {
        var n = 0;
        if (negative)
            to[n++] = (byte)'-';
        to[n++] = digits[0];
        if (digits.Length > 1)
        {
            to[n++] = (byte)'.';
            digits[1..].CopyTo(to[n..]);
            n += digits.Length - 1;
        }
        to[n++] = (byte)'e';
        to[n++] = (byte)(exponent < 0 ? '-' : '+');
        exponent = Math.Abs(exponent);
        // At least two digits.
        if (exponent < 10)
            to[n++] = (byte)'0';
        Utf8Formatter.TryFormat(exponent, to[n..], out var written);
        return n + written;
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
