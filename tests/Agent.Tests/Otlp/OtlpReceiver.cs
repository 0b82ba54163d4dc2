using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Observe.Agent.Tests.Otlp;

/// <summary>A real OTLP receiver on loopback, HTTP/1.1 or gRPC over h2c, that answers as the test tells it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly bool grpc;
    private readonly Func<HttpContext, int, Task<bool>> answer;
    private int attempts;

    private OtlpReceiver(int port, bool grpc, Func<HttpContext, int, Task<bool>>? answer, X509Certificate2? certificate, bool requireClientCertificate)
    {
        this.grpc = grpc;
        this.answer = answer ?? ((_, _) => Task.FromResult(false));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = requireClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>What a request was, decoded by the official types.</summary>
    public sealed record Received(
        ExportMetricsServiceRequest Message, string Path, IHeaderDictionary Headers, long Timestamp, string? ClientCertificate, int WireBytes)
    {
        /// <summary>The one value that <see cref="CountingSource"/> puts in.</summary>
        public double Value => Message.ResourceMetrics.SelectMany(r => r.ScopeMetrics).SelectMany(s => s.Metrics).Single(m => m.Name == "observe.lost").Sum.DataPoints.Single().AsDouble;
    }

    /// <summary>What a request with spans was, decoded by the official types.</summary>
    public sealed record ReceivedSpans(ExportTraceServiceRequest Message, string Path, IHeaderDictionary Headers);

    public int Port { get; private init; }

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Requests with spans, which come beside those with metrics.</summary>
    public ConcurrentQueue<ReceivedSpans> SpanRequests { get; } = new();

    /// <summary>All spans that were sent, also those that were answered with an error.</summary>
    public IEnumerable<Span> Spans => SpanRequests.SelectMany(each => each.Message.ResourceSpans).SelectMany(each => each.ScopeSpans).SelectMany(each => each.Spans);

    public Uri Url(string scheme = "http") => new($"{scheme}://127.0.0.1:{Port}");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="grpc">Speak gRPC over h2c instead of HTTP/1.1.</param>
    /// <param name="answer">Given the number of the attempt from 1, answers and returns true; false for a plain success.</param>
    /// <param name="port">0 for any.</param>
    /// <param name="certificate">For TLS.</param>
    /// <param name="requireClientCertificate">For mutual TLS.</param>
    public static async Task<OtlpReceiver> StartAsync(bool grpc = false, Func<HttpContext, int, Task<bool>>? answer = null, int port = 0,
        X509Certificate2? certificate = null, bool requireClientCertificate = false)
    {
        if (port == 0)
            port = FreePort();
        var receiver = new OtlpReceiver(port, grpc, answer, certificate, requireClientCertificate) { Port = port };
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Answers an HTTP error.</summary>
    public static Task<bool> Fail(HttpContext context, int code, string? retryAfter = null)
    {
        context.Response.StatusCode = code;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return Task.FromResult(true);
    }

    /// <summary>Answers a gRPC status: in the trailers, or among the headers as servers do when they fail at once.</summary>
    public static async Task<bool> Status(HttpContext context, int code, bool trailersOnly = false, string? message = null, byte[]? details = null)
    {
        context.Response.ContentType = "application/grpc";
        var fields = new List<KeyValuePair<string, string>> { new("grpc-status", $"{code}") };
        if (message is not null)
            fields.Add(new("grpc-message", Uri.EscapeDataString(message)));
        if (details is not null)
            fields.Add(new("grpc-status-details-bin", Convert.ToBase64String(details).TrimEnd('=')));
        foreach (var (name, value) in fields)
        {
            if (trailersOnly)
                context.Response.Headers[name] = value;
            else
                context.Response.AppendTrailer(name, value);
        }
        if (!trailersOnly)
            await context.Response.Body.FlushAsync();
        return true;
    }

    public Task<bool> RespondAsync(HttpContext context, ExportMetricsServiceResponse response) => RespondWithAsync(context, response);

    public async Task<bool> RespondWithAsync(HttpContext context, IMessage response)
    {
        var message = response.ToByteArray();
        if (!grpc)
        {
            context.Response.ContentType = "application/x-protobuf";
            await context.Response.Body.WriteAsync(message);
            return true;
        }
        context.Response.ContentType = "application/grpc";
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        await context.Response.Body.WriteAsync(frame);
        context.Response.AppendTrailer("grpc-status", "0");
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        // Answers that the test lets hang must not hold up its end.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var (message, wire) = (body.ToArray(), (int)body.Length);
        if (grpc)
            message = Unframe(message, context.Request.Headers["grpc-encoding"] == "gzip");
        else if (context.Request.Headers.ContentEncoding == "gzip")
            message = Unzip(message);
        if (context.Request.Path.Value!.EndsWith(grpc ? "TraceService/Export" : "/v1/traces", StringComparison.Ordinal))
        {
            SpanRequests.Enqueue(new ReceivedSpans(ExportTraceServiceRequest.Parser.ParseFrom(message), context.Request.Path, Copy(context.Request.Headers)));
            if (!await answer(context, Interlocked.Increment(ref attempts)))
                await RespondWithAsync(context, new ExportTraceServiceResponse());
            return;
        }
        Requests.Enqueue(new Received(ExportMetricsServiceRequest.Parser.ParseFrom(message), context.Request.Path, Copy(context.Request.Headers),
            Stopwatch.GetTimestamp(), context.Connection.ClientCertificate?.Subject, wire));
        if (!await answer(context, Interlocked.Increment(ref attempts)))
            await RespondAsync(context, new ExportMetricsServiceResponse());
    }

    private static HeaderDictionary Copy(IHeaderDictionary headers) => new(headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase));

    private static byte[] Unframe(byte[] frame, bool gzip)
    {
        BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)).ShouldBe(frame.Length - 5);
        frame[0].ShouldBe(gzip ? (byte)1 : (byte)0);
        return gzip ? Unzip(frame[5..]) : frame[5..];
    }

    private static byte[] Unzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
