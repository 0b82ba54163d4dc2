using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Observe.Agent.Tests.EndToEnd;
using Observe.Kernel.Tests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Observe.Agent.Tests.Live.Page;

/// <summary>The page of the agent as it is run, beside containers of which a quota throttles one, and one waits behind another.</summary>
public sealed class LivePageOnThisHostTests(Browser browser) : IClassFixture<Browser>
{
    private const string Spin = "while true; do :; done";

    /// <summary>What is done first needs a container engine to tell of it, and stalls to be told.</summary>
    private const float Patience = 30_000;

    /// <summary>Where the picture of the documents goes: only where somebody asks for it ('make screenshot').</summary>
    private static readonly string? Picture = Environment.GetEnvironmentVariable("OBSERVE_SCREENSHOT");

    [Fact]
    public async Task Page_ThrottledAndWaitingContainers_AreShownWithTheirCauses()
    {
        Assert.SkipWhen(DockerBed.Missing is not null, DockerBed.Missing ?? "");
        await using var docker = new DockerBed();
        await docker.InitializeAsync();
        await using var agent = await BuiltAgent.RunAsync(
            null, null, "--set", $"collectors.docker.endpoint={docker.Endpoint}", "--set", $"traces.thresholds.wait={(Picture is null ? 2 : 8)}ms", "--set", $"traces.perSecond={(Picture is null ? 200 : 30)}");
        await agent.LineAsync("connected to docker");
        await using var visit = await browser.VisitAsync(agent.Address, new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        await visit.OpenLiveAsync();
        await docker.RunAsync("shop", Spin, new JsonObject { ["CpuPeriod"] = 100_000, ["CpuQuota"] = 2000 });
        await docker.RunAsync("batch", $"({Spin}) & {Spin}", new JsonObject { ["CpusetCpus"] = "0" });
        await docker.RunAsync("web", "while true; do sleep 0.05; done", new JsonObject { ["CpusetCpus"] = "0" });

        var (page, details) = (visit.Page, visit.Page.Locator("#details"));
        await Expect(RowOf(page, "shop").Locator(".number").Nth(2)).ToHaveTextAsync(new Regex(@"^0\.[5-9]"), new() { Timeout = Patience });
        await Expect(RowOf(page, "batch").Locator(".number").Nth(1)).ToHaveTextAsync(new Regex(@"^[0-2]\.[1-9]"), new() { Timeout = Patience });
        await FilterAsync(page, "shop");
        await page.Locator("#events").GetByRole(AriaRole.Button, new() { Name = "stall.throttle" }).First.ClickAsync(new() { Timeout = Patience });
        await Expect(details.Locator(".word")).ToHaveTextAsync("quota");
        await Expect(page.Locator("#timeline .mark.moment[aria-label^='container.start of shop']")).ToHaveCountAsync(1);
        await FilterAsync(page, "web");
        // Others on this host run on that CPU, too: one of its waits was for the batch.
        await Until.SoAsync("a wait for the batch is told of", async () =>
        {
            await page.Locator("#events").GetByRole(AriaRole.Button, new() { Name = "stall.wait" }).First.ClickAsync(new() { Timeout = Patience });
            return (await details.InnerTextAsync()).Contains("batch", StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(30));
        await Expect(page.Locator("#clocks tbody th").First).ToHaveTextAsync("host");
        visit.ShouldBeCalm();
        if (Picture is not null)
            await DrawAsync(page, docker, Picture);
    }

    private static ILocator RowOf(IPage page, string name) => page.Locator("#ledger tr", new() { Has = page.GetByText(name, new() { Exact = true }) });

    private static Task FilterAsync(IPage page, string text) => page.GetByLabel("Filter workloads").FillAsync(text);

    /// <summary>A minute and a half of it: a picture of a trend needs that.</summary>
    private static async Task DrawAsync(IPage page, DockerBed docker, string file)
    {
        await FilterAsync(page, "");
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            await docker.RunAsync($"report-{i}", "sleep 5; exit 1");
        }
        await page.Locator(".mark.k-wait").Last.ClickAsync(new() { Force = true });
        await page.Mouse.MoveAsync(0, 0);
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.ScreenshotAsync(new() { Path = file, FullPage = true });
    }
}
