using System.Globalization;

namespace Observe.Collectors.Identity;

/// <summary>A short id for what has none: the same in every process and version, unlike <see cref="string.GetHashCode()"/>.</summary>
internal static class StableHash
{
    // FNV-1a, 64 bits (RFC 9923).
    private const ulong OffsetBasis = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    /// <summary>Hexadecimal digits of the result: 48 bits, as many as a short container id has.</summary>
    private const int Digits = 12;

    internal static string Of(ReadOnlySpan<char> text) => Bits(text).ToString("x16", CultureInfo.InvariantCulture)[^Digits..];

    internal static ulong Bits(ReadOnlySpan<char> text)
    {
        var hash = OffsetBasis;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * Prime;
            hash = (hash ^ (byte)(c >> 8)) * Prime;
        }
        return hash;
    }
}
