using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Observe.Collectors.Traces;

/// <summary>
/// Ids that follow from what a span is about, so that two agents which never talk give the same thing the same id. SHA-256 of
/// <c>observe</c>, what it is an id of, and what tells it from others, in UTF-8, a NUL between each two; the first 16 bytes are a trace's
/// id, the first 8 a span's. Written down in docs/traces.md: others may compute them too.
/// </summary>
internal static class SpanIds
{
    private const int TraceLength = 16;
    private const int SpanLength = 8;

    /// <summary>A trace's.</summary>
    /// <param name="of">What it is an id of.</param>
    /// <param name="parts">What tells it from others.</param>
    public static ActivityTraceId Trace(string of, params ReadOnlySpan<string> parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return ActivityTraceId.CreateFromBytes(Hash(hash, TraceLength, of, parts));
    }

    /// <summary>A span's.</summary>
    /// <param name="of">What it is an id of.</param>
    /// <param name="parts">What tells it from others.</param>
    public static ActivitySpanId Span(string of, params ReadOnlySpan<string> parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return ActivitySpanId.CreateFromBytes(Hash(hash, SpanLength, of, parts));
    }

    /// <summary>Not all zeros: that is no id. One that would be, ends in 1.</summary>
    /// <param name="id">The id's bytes; changed in place.</param>
    internal static ReadOnlySpan<byte> NotZero(Span<byte> id)
    {
        if (!id.ContainsAnyExcept((byte)0))
            id[^1] = 1;
        return id;
    }

    private static ReadOnlySpan<byte> Hash(Span<byte> hash, int length, string of, ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder("observe").Append('\0').Append(of);
        foreach (var part in parts)
            text.Append('\0').Append(part);
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return NotZero(hash[..length]);
    }
}
