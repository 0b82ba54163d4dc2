using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Observe.Agent.Tests.Live.Page;

/// <summary>Somebody who looks at an agent's page.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly Uri agent;
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<Uri> requests = new();

    private Visit(IBrowserContext context, IPage page, Uri agent)
    {
        this.context = context;
        this.agent = agent;
        Page = page;
        page.Console += (_, message) => complaints.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Dialog += (_, dialog) =>
        {
            complaints.Enqueue($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        context.Request += (_, request) => requests.Enqueue(new Uri(request.Url));
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>How often it has asked for data.</summary>
    public int Questions => requests.Count(each => each.AbsolutePath == "/live");

    internal static async Task<Visit> BeginAsync(IBrowserContext context, Uri agent) => new(context, await context.NewPageAsync(), agent);

    /// <summary>Opens the page.</summary>
    public async Task OpenAsync() => (await Page.GotoAsync(agent.ToString()))!.Ok.ShouldBeTrue();

    /// <summary>Opens the page, and waits until it has shown an answer.</summary>
    public async Task OpenLiveAsync()
    {
        await OpenAsync();
        await Page.WaitForFunctionAsync("() => Number(document.documentElement.dataset.answers) >= 1");
    }

    /// <summary>Whatever it was shown, it has complained of nothing, and asked nobody but the agent.</summary>
    public void ShouldBeCalm()
    {
        complaints.ShouldBeEmpty();
        requests.Select(each => each.Authority).Distinct().ShouldBe([agent.Authority]);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
