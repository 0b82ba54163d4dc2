using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Observe.Telemetry.Otlp;

namespace Observe.Agent.Export.Otlp;

/// <summary>
/// OTLP over gRPC: one unary call, written by hand on HTTP/2, because that is all of gRPC that OTLP needs. Specification:
/// grpc <c>PROTOCOL-HTTP2.md</c>.
/// </summary>
internal sealed class OtlpGrpcTransport(OtlpOptions options) : IOtlpTransport
{
    private const int FrameSize = 5;

    // At most eight digits (grpc-timeout); longer ones are no limit in practice.
    private const double MaxTimeoutMilliseconds = 99_999_999;

    public async Task<OtlpOutcome> SendAsync(HttpMessageInvoker client, ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var packed = OtlpBody.Pack(body, options.Compression, framed: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Target)
        {
            Content = new ReadOnlyMemoryContent(packed.Bytes),
            Version = HttpVersion.Version20,
            // With http:// this means HTTP/2 with prior knowledge: there is nothing to negotiate with.
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (packed.Compressed)
            request.Headers.Add("grpc-encoding", "gzip");
        if (timeout > TimeSpan.Zero && timeout.TotalMilliseconds <= MaxTimeoutMilliseconds)
            request.Headers.Add("grpc-timeout", string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(timeout.TotalMilliseconds):0}m"));
        OtlpRequestHeaders.Add(request, options);
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await OtlpAnswer.ReadAsync(response, cancellationToken);
        return Judge(response, answer);
    }

    /// <summary>What follows from an answer.</summary>
    public static OtlpOutcome Judge(HttpResponseMessage response, byte[] answer)
    {
        // Trailers-only answers carry the status among the headers.
        var text = First(response.TrailingHeaders, "grpc-status") ?? First(response.Headers, "grpc-status");
        if (text is null || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            code = response.StatusCode == HttpStatusCode.OK ? GrpcCode.Unknown : GrpcCode.FromHttp(response.StatusCode);
            return Failed(code, $"the receiver answered HTTP {(int)response.StatusCode} without a grpc-status; is this its grpc port (usually 4317)?", null);
        }
        if (code == GrpcCode.Ok)
        {
            var partial = OtlpPartialSuccess.Read(Message(answer));
            return OtlpOutcome.Accepted(partial.RejectedPoints, OtlpAnswer.Quote(partial.Message));
        }
        var words = First(response.TrailingHeaders, "grpc-message") ?? First(response.Headers, "grpc-message");
        var detail = $"the receiver answered grpc status {code} ({GrpcCode.Name(code)}){(words is null ? "" : $": {OtlpAnswer.Quote(Uri.UnescapeDataString(words))}")}";
        return Failed(code, detail, RetryDelay(response));
    }

    private static OtlpOutcome Failed(int code, string detail, TimeSpan? delay) => new(
        GrpcCode.IsRetryable(code, delay is not null) ? OtlpVerdict.Retry : OtlpVerdict.Drop,
        $"grpc_{GrpcCode.Name(code)}",
        code is GrpcCode.Unauthenticated or GrpcCode.PermissionDenied ? $"{detail}; check the credentials in OTEL_EXPORTER_OTLP_HEADERS" : detail,
        delay);

    // Of a unary answer there is one message; compression was not offered, so a compressed one is not read.
    private static ReadOnlySpan<byte> Message(byte[] answer) => answer.Length > FrameSize && answer[0] == 0 ? answer.AsSpan(FrameSize) : [];

    private static TimeSpan? RetryDelay(HttpResponseMessage response)
    {
        var details = First(response.TrailingHeaders, "grpc-status-details-bin") ?? First(response.Headers, "grpc-status-details-bin");
        if (details is null)
            return null;
        // Base64, with or without padding.
        var padded = details.TrimEnd('=') + new string('=', (4 - (details.TrimEnd('=').Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) && RpcStatus.TryRead(bytes.AsSpan(0, length), out var status) ? status.RetryDelay : null;
    }

    private static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
