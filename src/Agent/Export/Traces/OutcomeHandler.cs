using System.Net.Http.Headers;
using Observe.Agent.Export.Otlp;

namespace Observe.Agent.Export.Traces;

/// <summary>
/// Notes how each request of the SDK's exporter ended, which says only whether it worked: so that what may work later is tried again,
/// what will not is given up, and people are told why. Ends requests when the agent does.
/// </summary>
/// <param name="options">Whom it talks to, and how.</param>
/// <param name="time">The clock.</param>
/// <param name="ending">Ends all requests.</param>
internal sealed class OutcomeHandler(OtlpOptions options, TimeProvider time, CancellationToken ending) : DelegatingHandler(OtlpClient.NewHandler(options))
{
    /// <summary>How the last request ended; null: it never left.</summary>
    public OtlpOutcome? Last { get; set; }

    /// <summary>Bytes of the last request, as it was sent.</summary>
    public long Bytes { get; private set; }

    // The SDK sends HTTP/1.1 without await, from a thread that has nothing else to do.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
        using var packed = options.Compression == OtlpCompression.Gzip ? await PackAsync(request, either.Token).ConfigureAwait(false) : null;
        Bytes = request.Content?.Headers.ContentLength ?? 0;
        try
        {
            var response = await base.SendAsync(request, either.Token).ConfigureAwait(false);
            var answer = await OtlpAnswer.ReadAsync(response, either.Token).ConfigureAwait(false);
            Last = options.Protocol == OtlpProtocol.Grpc ? OtlpGrpcTransport.Judge(response, answer) : OtlpHttpTransport.Judge(response, answer, options.Signal, time);
            Replace(response, answer);
            return response;
        }
        catch (OperationCanceledException)
        {
            Last = new OtlpOutcome(OtlpVerdict.Retry, "timeout", ending.IsCancellationRequested ? "the agent stops" : $"no answer within {options.Timeout.TotalSeconds:0.###} s");
            throw;
        }
        catch (HttpRequestException error)
        {
            Last = OtlpClient.OfException(error, options.Protocol);
            throw;
        }
        catch (IOException error)
        {
            Last = new OtlpOutcome(OtlpVerdict.Retry, "connection_lost", error.Message);
            throw;
        }
    }

    /// <summary>Puts a compressed body in the place of the one that there is; it is valid until what is returned is disposed of.</summary>
    private async Task<OtlpBody?> PackAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not { } content)
            return null;
        var isFramed = options.Protocol == OtlpProtocol.Grpc;
        var bytes = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var packed = OtlpBody.Pack(bytes.AsMemory(isFramed ? OtlpBody.FrameSize : 0), OtlpCompression.Gzip, isFramed);
        request.Content = new ReadOnlyMemoryContent(packed.Bytes);
        request.Content.Headers.ContentType = content.Headers.ContentType;
        if (isFramed)
            request.Headers.Add("grpc-encoding", "gzip");
        else
            request.Content.Headers.ContentEncoding.Add("gzip");
        content.Dispose();
        return packed;
    }

    /// <summary>What was read is put back for who reads it next; gRPC's trailers stay where they are.</summary>
    private static void Replace(HttpResponseMessage response, byte[] answer)
    {
        var again = new ByteArrayContent(answer);
        again.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content.Dispose();
        response.Content = again;
    }
}
