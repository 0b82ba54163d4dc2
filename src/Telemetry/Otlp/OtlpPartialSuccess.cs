namespace Observe.Telemetry.Otlp;

/// <summary>What a receiver said in an <c>ExportMetricsServiceResponse</c>.</summary>
/// <param name="RejectedPoints">Data points it did not take; 0 if it took all.</param>
/// <param name="Message">Why, or a warning that came with a full success; empty if it said nothing.</param>
public readonly record struct OtlpPartialSuccess(long RejectedPoints, string Message)
{
    /// <summary>Reads a response; an empty or malformed one is a full success, as the status of the call already said.</summary>
    /// <param name="response">Protobuf bytes of the response.</param>
    public static OtlpPartialSuccess Read(ReadOnlySpan<byte> response)
    {
        var result = new OtlpPartialSuccess(0, "");
        var outer = new ProtobufReader(response);
        while (outer.Next())
        {
            if (outer.Field != 1)
                continue;
            var inner = new ProtobufReader(outer.Bytes);
            while (inner.Next())
            {
                result = inner.Field switch
                {
                    1 => result with { RejectedPoints = Math.Max(0, (long)inner.Varint) },
                    2 => result with { Message = inner.Text },
                    _ => result,
                };
            }
        }
        return result;
    }
}
