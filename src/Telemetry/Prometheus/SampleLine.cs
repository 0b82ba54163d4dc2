namespace Observe.Telemetry.Prometheus;

/// <summary>The part of a sample line before its value, which the two text formats share.</summary>
internal static class SampleLine
{
    /// <summary><c>name{labels} </c>, or <c>name </c> without labels.</summary>
    public static void Begin(ReadOnlySpan<byte> name, LabelText labels, ref Utf8Output lines)
    {
        lines.Write(name);
        if (labels.IsEmpty)
        {
            lines.Write(" "u8);
            return;
        }
        lines.Write("{"u8);
        labels.Write(ref lines);
        lines.Write("} "u8);
    }

    /// <summary><c>name_bucket{labels,le="0.5"} </c>.</summary>
    public static void BeginBucket(ReadOnlySpan<byte> nameAndBrace, LabelText labels, ReadOnlySpan<byte> leAndBrace, ref Utf8Output lines)
    {
        lines.Write(nameAndBrace);
        if (!labels.IsEmpty)
        {
            labels.Write(ref lines);
            lines.Write(","u8);
        }
        lines.Write(leAndBrace);
    }
}
