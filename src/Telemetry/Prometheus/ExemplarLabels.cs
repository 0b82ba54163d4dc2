using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// How an exemplar names its span: <c>trace_id</c> and <c>span_id</c>, the names under which Prometheus' OTLP receiver stores them too and
/// Grafana looks for them. Names and values together are 63 characters; OpenMetrics allows 128.
/// </summary>
internal static class ExemplarLabels
{
    /// <summary>Hexadecimal digits of a trace's id.</summary>
    public const int TraceIdLength = 32;

    /// <summary>Hexadecimal digits of a span's id.</summary>
    public const int SpanIdLength = 16;

    private static readonly StandardFormat SixteenDigits = new('x', SpanIdLength);

    /// <summary>Label of the trace's id.</summary>
    public static ReadOnlySpan<byte> TraceId => "trace_id"u8;

    /// <summary>Label of the span's id.</summary>
    public static ReadOnlySpan<byte> SpanId => "span_id"u8;

    /// <summary>Writes a trace's id in hexadecimal.</summary>
    /// <param name="id">The id.</param>
    /// <param name="to">At least <see cref="TraceIdLength"/> bytes.</param>
    public static void Format(UInt128 id, Span<byte> to)
    {
        Format((ulong)(id >> 64), to);
        Format((ulong)id, to[SpanIdLength..]);
    }

    /// <summary>Writes a span's id in hexadecimal.</summary>
    /// <param name="id">The id.</param>
    /// <param name="to">At least <see cref="SpanIdLength"/> bytes.</param>
    public static void Format(ulong id, Span<byte> to)
    {
        var written = Utf8Formatter.TryFormat(id, to, out var length, SixteenDigits);
        Debug.Assert(written && length == SpanIdLength);
    }
}
