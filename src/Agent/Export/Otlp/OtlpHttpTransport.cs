using System.Net;
using System.Net.Http.Headers;
using Observe.Telemetry.Otlp;

namespace Observe.Agent.Export.Otlp;

/// <summary>OTLP over HTTP with protobuf bodies. Specification: OTLP 1.x, "OTLP/HTTP".</summary>
internal sealed class OtlpHttpTransport(OtlpOptions options, TimeProvider time) : IOtlpTransport
{
    private const string Protobuf = "application/x-protobuf";

    public async Task<OtlpOutcome> SendAsync(HttpMessageInvoker client, ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var packed = OtlpBody.Pack(body, options.Compression, framed: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Target) { Content = new ReadOnlyMemoryContent(packed.Bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Protobuf);
        if (packed.Compressed)
            request.Content.Headers.ContentEncoding.Add("gzip");
        OtlpRequestHeaders.Add(request, options);
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await OtlpAnswer.ReadAsync(response, cancellationToken);
        return Judge(response, answer, options.Signal, time);
    }

    /// <summary>What follows from an answer.</summary>
    public static OtlpOutcome Judge(HttpResponseMessage response, byte[] answer, OtlpSignal signal, TimeProvider time)
    {
        if (response.IsSuccessStatusCode)
        {
            var partial = OtlpPartialSuccess.Read(IsProtobuf(response) ? answer : []);
            return OtlpOutcome.Accepted(partial.RejectedPoints, OtlpAnswer.Quote(partial.Message));
        }
        return Refused(response, answer, signal, time);
    }

    private static OtlpOutcome Refused(HttpResponseMessage response, byte[] answer, OtlpSignal signal, TimeProvider time)
    {
        var code = (int)response.StatusCode;
        var reason = $"http_{code}";
        var detail = $"the receiver answered {code}{Words(response, answer)}";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new OtlpOutcome(OtlpVerdict.Retry, reason, detail, RetryAfter(response, time)),
            HttpStatusCode.NotFound when signal == OtlpSignal.Traces => new OtlpOutcome(OtlpVerdict.Drop, reason, $"{detail}; if this receiver takes metrics only, set traces.enabled to false, or traces.endpoint to one that takes spans (v1/traces is appended)"),
            HttpStatusCode.NotFound => new OtlpOutcome(OtlpVerdict.Drop, reason, $"{detail}; check the path of the endpoint: OTEL_EXPORTER_OTLP_ENDPOINT gets v1/metrics appended, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is used as it is"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new OtlpOutcome(OtlpVerdict.Drop, reason, $"{detail}; check the credentials in OTEL_EXPORTER_OTLP_HEADERS"),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest =>
                new OtlpOutcome(OtlpVerdict.Drop, reason, $"{detail}; redirects are not followed: set the endpoint to the final address"),
            _ => new OtlpOutcome(OtlpVerdict.Drop, reason, detail),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var delay = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }

    private static string Words(HttpResponseMessage response, byte[] answer) =>
        IsProtobuf(response) && RpcStatus.TryRead(answer, out var status) && status.Message.Length > 0 ? $": {OtlpAnswer.Quote(status.Message)}" : "";

    private static bool IsProtobuf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType is null or Protobuf or "application/protobuf";
}
