namespace Observe.Telemetry.Otlp;

/// <summary>
/// One snapshot, encoded: one or more <c>ExportMetricsServiceRequest</c> messages back to back in a rented array. Independent of
/// the snapshot it was made from. Used again after <see cref="Clear"/>.
/// </summary>
public sealed class OtlpPayload : IDisposable
{
    private readonly List<(int Start, int Length, int Points)> requests = [];
    private int start;

    /// <summary>Number of requests; 0 if the snapshot had no points.</summary>
    public int Count => requests.Count;

    /// <summary>Bytes of all requests.</summary>
    public int Length => Buffer.Length;

    internal ProtobufBuffer Buffer { get; } = new();

    /// <summary>Bytes of the request being written.</summary>
    internal int OpenLength => Buffer.Length - start;

    /// <summary>The protobuf bytes of one request; valid until <see cref="Clear"/>.</summary>
    /// <param name="request">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlyMemory<byte> BodyOf(int request) => Buffer.Slice(requests[request].Start, requests[request].Length);

    /// <summary>Data points in one request.</summary>
    /// <param name="request">0 to <see cref="Count"/> - 1.</param>
    public int PointsOf(int request) => requests[request].Points;

    /// <summary>Data points in the requests from one on.</summary>
    /// <param name="request">The first request that counts; 0 for all.</param>
    public int PointsFrom(int request)
    {
        var points = 0;
        for (var i = request; i < requests.Count; i++)
            points += requests[i].Points;
        return points;
    }

    /// <summary>Empties the payload and gives its memory back.</summary>
    public void Clear()
    {
        Buffer.Clear();
        requests.Clear();
        start = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Ends the request being written.</summary>
    internal void EndRequest(int points)
    {
        requests.Add((start, OpenLength, points));
        start = Buffer.Length;
    }
}
