using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Observe.Agent.Export;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Agent.Http;

/// <summary>
/// <c>/metrics</c> in the format and encoding the client likes best. The snapshot is let go before the first byte is sent, so
/// that a slow client holds its own response only; and there is a bound on those.
/// </summary>
/// <param name="source">Where the values come from.</param>
/// <param name="losses">Where refused scrapes are counted.</param>
/// <param name="time">The clock.</param>
public sealed class MetricsEndpoint(IMetricSource source, LossCounters losses, TimeProvider time) : IHttpEndpoint
{
    /// <summary>Responses rendered or sent at a time: a pair of Prometheus servers, some people, and then some.</summary>
    private const int MostAtATime = 8;

    /// <summary>Pages kept between scrapes: 8 MiB, the plain text response of a host with 1,000 workloads and then some.</summary>
    private const int PagesKept = 128;

    private readonly ArrayPool<byte> pool = ArrayPool<byte>.Create(PagedBuffer.PageSize, PagesKept);
    private readonly LossCounter refused = losses.Counter("scrape_refused");
    private readonly LossCounter late = losses.Counter("scrape_timed_out");
    private int underWay;

    /// <inheritdoc/>
    public string Path => "/metrics";

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref underWay) <= MostAtATime)
            {
                await AnswerAsync(context).ConfigureAwait(false);
                return;
            }
            refused.Add();
            context.Response.Headers.RetryAfter = "1";
            await TextResponse.WriteAsync(context, StatusCodes.Status503ServiceUnavailable,
                $"{MostAtATime} scrapes are being answered already; scrape less often or from fewer places\n").ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var format = ContentNegotiation.Choose(context.Request.Headers.Accept.ToString());
        var gzip = AcceptEncoding.AllowsGzip(context.Request.Headers.AcceptEncoding);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            SetHeaders(context.Response, format, gzip);
            return;
        }
        using var body = new PagedBuffer(pool);
        if (!await RenderAsync(context, format, gzip, body).ConfigureAwait(false))
            return;
        SetHeaders(context.Response, format, gzip);
        context.Response.ContentLength = body.Length;
        await body.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<bool> RenderAsync(HttpContext context, ExpositionFormat format, bool gzip, PagedBuffer body)
    {
        var allowed = ScrapeDeadline.Of(context.Request);
        using var timer = new CancellationTokenSource(allowed, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timer.Token);
        try
        {
            using var lease = await source.CollectAsync(deadline.Token).ConfigureAwait(false);
            Render(format, gzip, lease.Snapshot, body);
            return true;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            late.Add();
            await TextResponse.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, string.Create(CultureInfo.InvariantCulture,
                $"the collection did not end within {allowed.TotalSeconds:0.###} s; see /readyz for the collector that hangs, or raise scrape_timeout\n")).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false; // the client has gone
        }
    }

    private void Render(ExpositionFormat format, bool gzip, MetricSnapshot snapshot, PagedBuffer body)
    {
        if (!gzip)
        {
            Exposition.Write(format, snapshot, body);
            return;
        }
        using var compressor = new GzipBuffer(body, pool);
        Exposition.Write(format, snapshot, compressor);
    }

    private static void SetHeaders(HttpResponse response, ExpositionFormat format, bool gzip)
    {
        response.ContentType = ContentNegotiation.ContentTypeOf(format);
        response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.AcceptEncoding}";
        response.Headers.CacheControl = "no-store";
        if (gzip)
            response.Headers.ContentEncoding = "gzip";
    }
}
