using System.Globalization;
using Microsoft.AspNetCore.Http;
using Observe.Agent.Http;
using Observe.Agent.Live.Recent;
using Observe.Bpf.Host;
using Observe.Collectors.Self;
using Observe.Telemetry.Perfetto;
using Observe.Telemetry.Protobuf;

namespace Observe.Agent.Live;

/// <summary><c>/trace?seconds=N</c>: the recent past as a file for ui.perfetto.dev. One at a time.</summary>
/// <param name="past">What happened.</param>
/// <param name="losses">Where refused requests are counted.</param>
/// <param name="time">The clock.</param>
public sealed class TraceEndpoint(RecentPast past, LossCounters losses, TimeProvider time) : IHttpEndpoint
{
    private const int Default = 30;

    private static readonly int Longest = (int)RecentPast.Age.TotalSeconds;

    private readonly LossCounter refused = losses.Counter("trace_request_refused");
    private int underWay;

    /// <inheritdoc/>
    public string Path => "/trace";

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        BrowserHeaders.Set(context.Response);
        if (LoopbackName.IsForeign(context))
            await LoopbackName.RefuseAsync(context).ConfigureAwait(false);
        else if (SecondsOf(context.Request) is not { } seconds)
            await TextResponse.WriteAsync(context, StatusCodes.Status400BadRequest, FormattableString.Invariant(
                $"/trace takes seconds: a whole number from 1 to {Longest}, {Default} if it is not given; as in /trace?seconds=60\n")).ConfigureAwait(false);
        else
            await AnswerAsync(context, seconds).ConfigureAwait(false);
    }

    /// <summary>Null if what is asked for is not understood: a misspelt question is not answered with something else.</summary>
    private static int? SecondsOf(HttpRequest request)
    {
        if (request.Query.Count == 0)
            return Default;
        return request.Query.Count == 1 && int.TryParse(request.Query["seconds"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1 && seconds <= Longest
            ? seconds
            : null;
    }

    private async Task AnswerAsync(HttpContext context, int seconds)
    {
        if (Interlocked.Exchange(ref underWay, 1) != 0)
        {
            refused.Add();
            context.Response.Headers.RetryAfter = "1";
            await TextResponse.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "another trace is being sent already; ask again in a second\n").ConfigureAwait(false);
            return;
        }
        try
        {
            await SendAsync(context, seconds).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref underWay, 0);
        }
    }

    private async Task SendAsync(HttpContext context, int seconds)
    {
        var response = context.Response;
        response.ContentType = "application/octet-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{FileName()}\"";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        var (before, realTime, after) = HostClock.Read();
        var monotonic = before + ((after - before) / 2);
        var writer = new ProtobufWriter(64 * 1024);
        RecentTrace.Of(past.Within(TimeSpan.FromSeconds(seconds)), new TraceClock((ulong)realTime, (ulong)monotonic, (ulong)(monotonic + (HostClock.Suspended() ?? 0)))).WriteTo(writer);
        response.ContentLength = writer.Length;
        await response.Body.WriteAsync(writer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Which host and when; of the host's name only what any file system takes.</summary>
    private string FileName()
    {
        var host = string.Concat(Environment.MachineName.Select(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '.' ? each : '_'));
        return string.Create(CultureInfo.InvariantCulture, $"observe-{host}-{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.perfetto-trace");
    }
}
