using System.Buffers.Text;

namespace Observe.Collectors.Cgroup;

/// <summary>What the files of cgroups say. Pure: bytes in, numbers out, no strings.</summary>
internal static class CgroupText
{
    /// <summary>The number after a key: <c>nr_periods 12</c>.</summary>
    /// <param name="text">A file of lines of a key, a space and a number.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The number.</param>
    internal static bool TryField(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out ulong value)
    {
        while (!text.IsEmpty)
        {
            if (text.Length > key.Length && text[key.Length] == ' ' && text.StartsWith(key))
                return TryNumber(text[(key.Length + 1)..], out value, out _);
            var newline = text.IndexOf((byte)'\n');
            text = newline < 0 ? default : text[(newline + 1)..];
        }
        value = 0;
        return false;
    }

    /// <summary>A number alone: <c>cpu.cfs_period_us</c>, <c>cpu.max.burst</c>.</summary>
    /// <param name="text">Digits, perhaps with a newline.</param>
    /// <param name="value">The number.</param>
    /// <param name="length">Digits it took.</param>
    internal static bool TryNumber(ReadOnlySpan<byte> text, out ulong value, out int length) => Utf8Parser.TryParse(text, out value, out length);

    /// <summary><c>cpu.cfs_quota_us</c>: a number, or -1 for no limit.</summary>
    /// <param name="text">The file.</param>
    /// <param name="micros">Quota, us a period; 0 for no limit.</param>
    internal static bool TryLegacyQuota(ReadOnlySpan<byte> text, out ulong micros)
    {
        micros = 0;
        return text.StartsWith("-1"u8) || TryNumber(text, out micros, out _);
    }

    /// <summary><c>cpu.max</c>: quota and period, <c>20000 100000</c>, or <c>max 100000</c> for no limit.</summary>
    /// <param name="text">The file.</param>
    /// <param name="quotaMicros">Quota, us a period; 0 for no limit.</param>
    /// <param name="periodMicros">Period, us.</param>
    internal static bool TryMax(ReadOnlySpan<byte> text, out ulong quotaMicros, out ulong periodMicros)
    {
        quotaMicros = 0;
        periodMicros = 0;
        var length = 3;
        if (!text.StartsWith("max"u8) && !TryNumber(text, out quotaMicros, out length))
            return false;
        return text.Length > length && text[length] == ' ' && TryNumber(text[(length + 1)..], out periodMicros, out _);
    }

    /// <summary>The total of a line of a pressure file: <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=1234</c>.</summary>
    /// <param name="text">The file.</param>
    /// <param name="kind"><c>some</c> or <c>full</c>.</param>
    /// <param name="micros">Stall time, us.</param>
    internal static bool TryPressure(ReadOnlySpan<byte> text, ReadOnlySpan<byte> kind, out ulong micros)
    {
        while (!text.IsEmpty)
        {
            var newline = text.IndexOf((byte)'\n');
            var line = newline < 0 ? text : text[..newline];
            if (line.StartsWith(kind) && line.IndexOf(" total="u8) is >= 0 and var total)
                return TryNumber(line[(total + " total=".Length)..], out micros, out _);
            text = newline < 0 ? default : text[(newline + 1)..];
        }
        micros = 0;
        return false;
    }
}
