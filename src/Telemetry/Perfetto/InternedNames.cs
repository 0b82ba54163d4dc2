using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Perfetto;

/// <summary>Texts that are written once a trace, and by number from then on.</summary>
internal sealed class InternedNames
{
    private readonly Dictionary<string, ulong> numbers = new(StringComparer.Ordinal);

    /// <summary>The number of a text; from 1, because 0 is none to Perfetto.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isNew">Whether it has to be written.</param>
    public ulong NumberOf(string text, out bool isNew)
    {
        isNew = !numbers.TryGetValue(text, out var number);
        if (isNew)
            numbers.Add(text, number = (ulong)numbers.Count + 1);
        return number;
    }

    /// <summary>Writes an entry of an index.</summary>
    /// <param name="field">The index's field in <c>InternedData</c>.</param>
    /// <param name="number">Its number.</param>
    /// <param name="text">The text.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(int field, ulong number, string text, ProtobufWriter writer)
    {
        var entry = writer.Begin(field);
        writer.WriteVarint(PerfettoFields.InternedNumber, number);
        writer.WriteString(PerfettoFields.InternedText, text);
        writer.End(entry);
    }
}
