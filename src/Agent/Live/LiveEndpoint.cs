using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Observe.Agent.Http;
using Observe.Agent.Live.Answer;

namespace Observe.Agent.Live;

/// <summary><c>/live?since=CURSOR</c>: what the page shows, as JSON. Read-only; what it costs is bounded, and nothing is done between two questions.</summary>
/// <param name="view">Looks.</param>
/// <param name="answers">Puts answers together.</param>
/// <param name="time">The clock.</param>
public sealed class LiveEndpoint(LiveView view, LiveAnswers answers, TimeProvider time) : IHttpEndpoint
{
    /// <summary>A collector that hangs is cut off by itself; whoever looks is told of it later and sees the rest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public string Path => "/live";

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        BrowserHeaders.Set(context.Response);
        if (LoopbackName.IsForeign(context))
        {
            await LoopbackName.RefuseAsync(context).ConfigureAwait(false);
            return;
        }
        var asked = context.Request.Query["since"].ToString();
        long since = 0;
        if (asked.Length > 0 && !long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out since))
        {
            await TextResponse.WriteAsync(context, StatusCodes.Status400BadRequest, "since: what an answer before called its cursor, a whole number; 0 or nothing for all there is\n").ConfigureAwait(false);
            return;
        }
        var answer = answers.Of(await LookAsync(context).ConfigureAwait(false), since);
        await TextResponse.WriteAsync(context, StatusCodes.Status200OK, JsonSerializer.Serialize(answer, LiveJson.Default.LiveAnswer), "application/json").ConfigureAwait(false);
    }

    private async ValueTask<LiveLook> LookAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            return LiveLook.Nothing;
        using var timer = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timer.Token);
        try
        {
            return await view.LookAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return LiveLook.Nothing;
        }
    }
}
