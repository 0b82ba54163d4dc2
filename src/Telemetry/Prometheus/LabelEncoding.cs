using System.Buffers;
using System.Text;
using Observe.Telemetry.Model;
using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// Encodes labels, those of a resource and those of a set of series, once: the bytes stay with their owner and die with it. Two
/// writers that meet a new one at the same time both encode it, to the same bytes, and one result stays.
/// </summary>
internal static class LabelEncoding
{
    /// <summary>A char takes 3 bytes of UTF-8 at most (a surrogate pair 4 for its two); an escape takes 2.</summary>
    private const int MaxBytesPerChar = 3;

    /// <summary>What <c>="",</c> adds to name and value.</summary>
    private const int Punctuation = 4;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n\0");

    /// <summary><c>name="value",name="value"</c>, the same in text 0.0.4 and OpenMetrics; the resource's first.</summary>
    public static LabelText Text(Series series) =>
        new(series.Resource.EncodedLabels.Text ??= EncodeText(series.Resource.Labels), series.EncodedLabels.Text ??= EncodeText(series.Labels));

    /// <summary>The <c>Metric.label</c> fields, the resource's first.</summary>
    public static void WriteProtobuf(Series series, ProtobufWriter writer)
    {
        writer.WriteRaw(series.Resource.EncodedLabels.PrometheusProtobuf ??= EncodeProtobuf(series.Resource.Labels));
        writer.WriteRaw(series.EncodedLabels.PrometheusProtobuf ??= EncodeProtobuf(series.Labels));
    }

    private static byte[] EncodeText(IReadOnlyList<Label> labels)
    {
        if (labels.Count == 0)
            return [];
        var bound = 0;
        foreach (var label in labels)
            bound += MaxLength(label);
        var buffer = ArrayPool<byte>.Shared.Rent(bound);
        var length = 0;
        foreach (var label in labels)
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

    private static byte[] EncodeProtobuf(IReadOnlyList<Label> labels)
    {
        if (labels.Count == 0)
            return [];
        var writer = new ProtobufWriter(capacity: 512);
        foreach (var label in labels)
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
