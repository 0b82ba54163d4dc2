namespace Observe.Telemetry.Otlp;

/// <summary>A <c>google.rpc.Status</c>: body of OTLP/HTTP errors, <c>grpc-status-details-bin</c> of gRPC ones.</summary>
/// <param name="Code">gRPC status code; 0 if not given.</param>
/// <param name="Message">What went wrong, in the receiver's words; empty if not given.</param>
/// <param name="RetryDelay">Delay of a <c>google.rpc.RetryInfo</c> detail; null without one. Not negative; not bounded otherwise.</param>
public readonly record struct RpcStatus(int Code, string Message, TimeSpan? RetryDelay)
{
    // Longest Duration of protobuf; also keeps the arithmetic in range.
    private const double MaxSeconds = 315_576_000_000;

    private static ReadOnlySpan<byte> RetryInfo => "google.rpc.RetryInfo"u8;

    /// <summary>Reads a status.</summary>
    /// <param name="bytes">Protobuf bytes of the status.</param>
    /// <param name="status">What it says, as far as it could be read.</param>
    /// <returns>False if the bytes are not a protobuf message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RpcStatus status)
    {
        status = new RpcStatus(0, "", null);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            status = reader.Field switch
            {
                1 => status with { Code = (int)reader.Varint },
                2 => status with { Message = reader.Text },
                3 => status with { RetryDelay = ReadDetail(reader.Bytes) ?? status.RetryDelay },
                _ => status,
            };
        }
        return reader.Valid;
    }

    private static TimeSpan? ReadDetail(ReadOnlySpan<byte> any)
    {
        ReadOnlySpan<byte> type = default, value = default;
        var reader = new ProtobufReader(any);
        while (reader.Next())
        {
            if (reader.Field == 1)
                type = reader.Bytes;
            else if (reader.Field == 2)
                value = reader.Bytes;
        }
        // The host in front of the slash is free: type.googleapis.com by custom.
        if (!type[(type.LastIndexOf((byte)'/') + 1)..].SequenceEqual(RetryInfo))
            return null;
        var info = new ProtobufReader(value);
        var delay = TimeSpan.Zero;
        while (info.Next())
        {
            if (info.Field == 1)
                delay = ReadDuration(info.Bytes);
        }
        return delay;
    }

    private static TimeSpan ReadDuration(ReadOnlySpan<byte> duration)
    {
        long seconds = 0, nanos = 0;
        var reader = new ProtobufReader(duration);
        while (reader.Next())
        {
            if (reader.Field == 1)
                seconds = (long)reader.Varint;
            else if (reader.Field == 2)
                nanos = (int)reader.Varint;
        }
        return TimeSpan.FromSeconds(Math.Clamp(seconds + (nanos / 1e9), 0, MaxSeconds));
    }
}
