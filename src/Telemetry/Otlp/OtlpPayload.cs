namespace Observe.Telemetry.Otlp;

/// <summary>
/// One snapshot, encoded: one or more <c>ExportMetricsServiceRequest</c> messages, each in an array of its own, so that a long one
/// is never copied to grow. Independent of the snapshot it was made from. Used again after <see cref="Clear"/>.
/// </summary>
public sealed class OtlpPayload : IDisposable
{
    // Empty ones stay, and begin the next time with the size that was needed.
    private readonly List<ProtobufBuffer> buffers = [];
    private readonly List<int> points = [];

    /// <summary>Number of requests; 0 if the snapshot had no points.</summary>
    public int Count => points.Count;

    /// <summary>Bytes of all requests.</summary>
    public int Length
    {
        get
        {
            var length = 0;
            for (var i = 0; i < points.Count; i++)
                length += buffers[i].Length;
            return length;
        }
    }

    /// <summary>The request being written.</summary>
    internal ProtobufBuffer Buffer
    {
        get
        {
            if (buffers.Count == points.Count)
                buffers.Add(new ProtobufBuffer());
            return buffers[points.Count];
        }
    }

    /// <summary>The protobuf bytes of one request; valid until <see cref="Clear"/>.</summary>
    /// <param name="request">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlyMemory<byte> BodyOf(int request) => buffers[request].Slice(0, buffers[request].Length);

    /// <summary>Data points in one request.</summary>
    /// <param name="request">0 to <see cref="Count"/> - 1.</param>
    public int PointsOf(int request) => points[request];

    /// <summary>Data points in the requests from one on.</summary>
    /// <param name="request">The first request that counts; 0 for all.</param>
    public int PointsFrom(int request)
    {
        var sum = 0;
        for (var i = request; i < points.Count; i++)
            sum += points[i];
        return sum;
    }

    /// <summary>Empties the payload; what memory it needed stays for the next one.</summary>
    public void Clear()
    {
        foreach (var buffer in buffers)
            buffer.Clear();
        points.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Ends the request being written.</summary>
    internal void EndRequest(int count) => points.Add(count);
}
