using System.Net;

namespace Observe.Agent.Export.Otlp;

/// <summary>One receiver: its connection, its protocol, and a verdict on every way an attempt can end.</summary>
internal sealed class OtlpClient : IDisposable
{
    // Connections are renewed so that a changed DNS answer is noticed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpMessageInvoker http;
    private readonly IOtlpTransport transport;
    private readonly TimeProvider time;
    private readonly OtlpOptions options;

    public OtlpClient(OtlpOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        transport = options.Protocol == OtlpProtocol.Grpc ? new OtlpGrpcTransport(options) : new OtlpHttpTransport(options, time);
        http = new HttpMessageInvoker(NewHandler(options));
    }

    /// <summary>The way to the receiver, as the options have it.</summary>
    public static SocketsHttpHandler NewHandler(OtlpOptions options) => new()
    {
        // A redirect would take the headers, and the secrets in them, to a host nobody configured.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = ConnectionLifetime,
        // The agent's own requests are not part of anybody's trace.
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 64,
        SslOptions = OtlpTls.Create(options),
    };

    /// <summary>Makes one attempt. Throws only if <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task<OtlpOutcome> SendAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await transport.SendAsync(http, body, timeout, attempt.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OtlpOutcome(OtlpVerdict.Retry, "timeout", $"no answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return OfException(error, options.Protocol);
        }
        catch (IOException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new OtlpOutcome(OtlpVerdict.Retry, "connection_lost", error.Message);
        }
        catch (Exception error)
        {
            // Nothing known ends here; if something does, the export goes on with the next snapshot.
            cancellationToken.ThrowIfCancellationRequested();
            return new OtlpOutcome(OtlpVerdict.Drop, "unexpected", $"{error.GetType().Name}: {error.Message}");
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>What follows from a request that got no answer.</summary>
    public static OtlpOutcome OfException(HttpRequestException error, OtlpProtocol protocol)
    {
        var cause = error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{error.Message} {inner.Message}" : error.Message;
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new OtlpOutcome(OtlpVerdict.Retry, "dns", cause),
            HttpRequestError.ConnectionError => new OtlpOutcome(OtlpVerdict.Retry, "connect", cause),
            HttpRequestError.SecureConnectionError => new OtlpOutcome(OtlpVerdict.Drop, "tls",
                $"{cause}; check that the endpoint speaks TLS and that its certificate is issued for this name by an authority that is trusted here (OTEL_EXPORTER_OTLP_CERTIFICATE)"),
            HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse => new OtlpOutcome(OtlpVerdict.Drop, "protocol",
                $"{cause}; is this the receiver's port for {(protocol == OtlpProtocol.Grpc ? "grpc (usually 4317)" : "http/protobuf (usually 4318)")}?"),
            _ => new OtlpOutcome(OtlpVerdict.Retry, "connection_lost", cause),
        };
    }
}
