namespace Observe.Agent.Export.Otlp;

/// <summary>Makes one attempt to deliver one request. Throws only when the caller cancels.</summary>
internal interface IOtlpTransport
{
    /// <summary>Sends and waits for the answer.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="body">A protobuf <c>ExportMetricsServiceRequest</c>.</param>
    /// <param name="timeout">Time for the attempt, told to the receiver where the protocol can; may be infinite.</param>
    /// <param name="cancellationToken">Cancelled when that time is over or the caller gives up.</param>
    Task<OtlpOutcome> SendAsync(HttpMessageInvoker client, ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken);
}
