using System.Buffers;
using System.Text;
using Observe.Telemetry.Model;
using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// Encodes the labels of a series, its resource's first, once: the bytes stay with the series and die with it. Two writers that
/// meet a new series at the same time both encode it, to the same bytes, and one result stays.
/// </summary>
internal static class LabelEncoding
{
    /// <summary>A char takes 3 bytes of UTF-8 at most (a surrogate pair 4 for its two); an escape takes 2.</summary>
    private const int MaxBytesPerChar = 3;

    /// <summary>What <c>="",</c> adds to name and value.</summary>
    private const int Punctuation = 4;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n\0");

    /// <summary><c>name="value",name="value"</c>, the same in text 0.0.4 and OpenMetrics; empty without labels.</summary>
    public static byte[] Text(Series series) => series.EncodedLabels.Text ??= EncodeText(series);

    /// <summary>The <c>Metric.label</c> fields.</summary>
    public static byte[] Protobuf(Series series) => series.EncodedLabels.PrometheusProtobuf ??= EncodeProtobuf(series);

    private static byte[] EncodeText(Series series)
    {
        var bound = 0;
        foreach (var label in series.Resource.Labels)
            bound += MaxLength(label);
        foreach (var label in series.Labels)
            bound += MaxLength(label);
        var buffer = ArrayPool<byte>.Shared.Rent(bound);
        var length = 0;
        foreach (var label in series.Resource.Labels)
            length += PutText(label, buffer.AsSpan(length), first: length == 0);
        foreach (var label in series.Labels)
            length += PutText(label, buffer.AsSpan(length), first: length == 0);
        var encoded = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return encoded;
    }

    private static int MaxLength(Label label) => Punctuation + (MaxBytesPerChar * (label.Name.Length + label.Value.Length));

    private static int PutText(Label label, Span<byte> to, bool first)
    {
        var n = 0;
        if (!first)
            to[n++] = (byte)',';
        n += Encoding.UTF8.GetBytes(label.Name, to[n..]);
        to[n++] = (byte)'=';
        to[n++] = (byte)'"';
        for (var rest = label.Value.AsSpan(); ;)
        {
            var special = rest.IndexOfAny(Escaped);
            n += Encoding.UTF8.GetBytes(special < 0 ? rest : rest[..special], to[n..]);
            if (special < 0)
                break;
            var escape = rest[special] switch
            {
                '\\' => @"\\"u8,
                '"' => "\\\""u8,
                '\n' => @"\n"u8,
                // Prometheus' lexer takes NUL for the end of the input and drops the whole scrape.
                _ => "\uFFFD"u8,
            };
            escape.CopyTo(to[n..]);
            n += escape.Length;
            rest = rest[(special + 1)..];
        }
        to[n++] = (byte)'"';
        return n;
    }

    private static byte[] EncodeProtobuf(Series series)
    {
        var writer = new ProtobufWriter(capacity: 512);
        foreach (var label in series.Resource.Labels)
            PutProtobuf(label, writer);
        foreach (var label in series.Labels)
            PutProtobuf(label, writer);
        return writer.Written.ToArray();
    }

    private static void PutProtobuf(Label label, ProtobufWriter writer)
    {
        const int metricLabel = 1, pairName = 1, pairValue = 2;
        var pair = writer.Begin(metricLabel);
        writer.WriteString(pairName, label.Name);
        // NUL would be legal here, but a series must be the same series in every format.
        writer.WriteString(pairValue, label.Value.Replace('\0', '\uFFFD'));
        writer.End(pair);
    }
}
