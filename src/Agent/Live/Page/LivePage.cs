using Microsoft.AspNetCore.Http;
using Observe.Agent.Http;
using Observe.Agent.Live.Answer;

namespace Observe.Agent.Live.Page;

/// <summary><c>/</c>: what this is, how it fares, where the time goes and what happened; written here for browsers without scripts, kept up to date by one elsewhere.</summary>
/// <param name="view">Looks.</param>
/// <param name="answers">Puts together what there is to show.</param>
/// <param name="time">The clock.</param>
public sealed class LivePage(LiveView view, LiveAnswers answers, TimeProvider time) : IHttpEndpoint
{
    /// <summary>A collection takes milliseconds; if one hangs, the page says so and not nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Path => "/";

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        BrowserHeaders.Set(context.Response);
        if (LoopbackName.IsForeign(context))
            await LoopbackName.RefuseAsync(context).ConfigureAwait(false);
        else
            await TextResponse.WriteAsync(context, StatusCodes.Status200OK, PageHtml.Of(answers.Of(await LookAsync(context).ConfigureAwait(false), 0)), "text/html; charset=utf-8").ConfigureAwait(false);
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
