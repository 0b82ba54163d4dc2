using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Observe.Agent.Tests.Http;
using Observe.Bpf.Host;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Time;
using static Microsoft.Playwright.Assertions;

namespace Observe.Agent.Tests.Live.Page;

/// <summary>The page in a real browser, of an agent that is told what a test wants it to be.</summary>
public sealed class LivePageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Hostile = "<img src=x onerror=alert(1)>";
    private const double Uncertainty = 10; // s, of the vCenter's event

    [Fact]
    public async Task Ledger_FilterAndOrder_ShowWhatIsAskedFor()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        var (page, names) = (visit.Page, visit.Page.Locator("#ledger tbody .name"));

        // Who suffers most is first.
        await Expect(names).ToHaveTextAsync(["db", "web", Hostile, "guest", "batch"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "running" }).ClickAsync();
        await Expect(names).ToHaveTextAsync(["batch", "guest", "web", Hostile, "db"]);
        await Expect(page.Locator("th[aria-sort=descending]")).ToHaveTextAsync("running");
        await page.GetByRole(AriaRole.Button, new() { Name = "running" }).ClickAsync();
        await Expect(names).ToHaveTextAsync(["db", Hostile, "web", "guest", "batch"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Workload" }).ClickAsync();
        await Expect(names).ToHaveTextAsync([Hostile, "batch", "db", "guest", "web"]);

        await page.GetByLabel("Filter workloads").FillAsync("WEB");
        await Expect(names).ToHaveTextAsync(["web"]);
        await Expect(page.Locator("#timeline .lanes .name")).ToHaveTextAsync(["web"]);
        await page.GetByLabel("Filter workloads").FillAsync("nobody");
        await Expect(page.Locator("#ledger tbody")).ToHaveTextAsync("No workload matches.");
        visit.ShouldBeCalm();
    }

    [Fact]
    public async Task Ledger_RowWithTheFocus_TellsItsValuesWithUnits()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        var (page, tip) = (visit.Page, visit.Page.GetByRole(AriaRole.Tooltip));

        await page.Locator("#ledger tbody tr").First.FocusAsync();
        await Expect(tip).ToContainTextAsync("blocked");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(tip.Locator("b")).ToHaveTextAsync("web");
        await Expect(tip).ToContainTextAsync(new Regex(@"waiting\s*0\.[345]\d\d threads"));
        await Expect(tip).ToContainTextAsync(new Regex(@"throttled\s*not known"));
        await Expect(page.Locator("#ledger tr:focus")).ToHaveAttributeAsync("aria-describedby", "tip");
        // A virtual machine's vCPUs have a bar of their own.
        await Expect(page.Locator("#ledger tr", new() { HasTextString = "guest" }).Locator("svg.thin rect.s-vcpu_exit")).ToHaveAttributeAsync("width", NotZero());
        await page.Keyboard.PressAsync("Escape");
        await Expect(tip).ToBeHiddenAsync();
        visit.ShouldBeCalm();
    }

    [Fact]
    public async Task Timeline_StallClicked_ShowsWhoCausedIt()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        var details = visit.Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        await Expect(details).ToBeHiddenAsync();

        await visit.Page.Locator(".mark.k-wait").ClickAsync();

        await Expect(details).ToContainTextAsync("stall.wait of web");
        await Expect(details.Locator(".verdict")).ToHaveTextAsync(new Regex("^420 ms neighbour "));
        await Expect(details.Locator(".culprits tr").First).ToHaveTextAsync(new Regex(@"^batchworkload75 %$"));
        await Expect(details.Locator(".culprits tr")).ToHaveCountAsync(2);
        await Expect(details.Locator("dl")).ToContainTextAsync("worker, thread 101 of process 100, then on CPU 1");
        await Expect(details.Locator("dl")).ToContainTextAsync(TraceId());
        await details.GetByRole(AriaRole.Button, new() { Name = "Close details" }).ClickAsync();
        await Expect(details).ToBeHiddenAsync();
        // The list is another way to the same.
        await visit.Page.Locator("#events").GetByRole(AriaRole.Button, new() { Name = "stall.throttle" }).ClickAsync();
        await Expect(details.Locator(".word")).ToHaveTextAsync("quota");
        visit.ShouldBeCalm();
    }

    [Fact]
    public async Task Timeline_EventOfAnotherClock_HasItsUncertaintyDrawn()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        var page = visit.Page;
        await page.GetByText("30 s", new() { Exact = true }).ClickAsync();

        // From the earliest moment to the latest, on the scale of the axis.
        var lane = (await page.Locator(".lanes .lane svg").First.BoundingBoxAsync())!;
        var whisker = (await page.Locator(".mark.moment .whisker").BoundingBoxAsync())!;
        ((double)(whisker.Width / lane.Width * 30)).ShouldBe(2 * Uncertainty, 0.5);
        await Expect(page.Locator(".mark.k-wait .whisker")).ToHaveAttributeAsync("d", "");
        await Expect(page.Locator(".lanes .name").First).ToHaveTextAsync("vm-7", new() { UseInnerText = true });
        visit.ShouldBeCalm();
    }

    [Fact]
    public async Task Timeline_Keyboard_ReachesEveryMark()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        var page = visit.Page;
        await page.Locator(".mark[tabindex='0']").FocusAsync();
        HashSet<string> reached = [await FocusedAsync()];
        for (var lane = 0; lane < 4; lane++)
        {
            await page.Keyboard.PressAsync("Home");
            for (var i = 0; i < 2; i++)
            {
                reached.Add(await FocusedAsync());
                await page.Keyboard.PressAsync("ArrowRight");
            }
            await page.Keyboard.PressAsync("ArrowDown");
        }
        reached.Count.ShouldBe(await page.Locator(".mark").CountAsync());
        reached.ShouldContain(each => each.StartsWith("stall.throttle of web at ", StringComparison.Ordinal) && each.EndsWith(" UTC, 90.0 ms, quota", StringComparison.Ordinal));

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#details")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#details")).ToBeHiddenAsync();
        visit.ShouldBeCalm();

        async Task<string> FocusedAsync() => await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')");
    }

    [Fact]
    public async Task Names_ThatLookLikeMarkup_StayText()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        var page = visit.Page;
        await page.Locator("#ledger tr", new() { HasTextString = Hostile }).HoverAsync();
        await Expect(page.GetByRole(AriaRole.Tooltip).Locator("b")).ToHaveTextAsync(Hostile);
        await page.Locator(".mark.k-blocked").ClickAsync();
        await Expect(page.Locator("#details h3 .name")).ToHaveTextAsync(Hostile);

        (await page.Locator("img").CountAsync()).ShouldBe(1, "the page's own");
        (await page.Locator("main script").CountAsync()).ShouldBe(0);
        visit.ShouldBeCalm();
    }

    [Fact]
    public async Task Page_NobodyCanSeeIt_AsksForNothing()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        var page = visit.Page;
        await page.AddInitScriptAsync("window.seen = 'visible'; Object.defineProperty(document, 'visibilityState', { get: () => window.seen });");
        await page.Clock.InstallAsync();
        await visit.OpenLiveAsync();
        await AnswersAfterAsync(10_000);

        await SeeAsync("hidden");
        var before = visit.Questions;
        await page.Clock.RunForAsync(600_000);
        visit.Questions.ShouldBe(before, "ten minutes in which nobody sees it");

        await SeeAsync("visible");
        await AnswersAfterAsync(10_000);
        visit.Questions.ShouldBeGreaterThan(before);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        before = visit.Questions;
        await page.Clock.RunForAsync(600_000);
        visit.Questions.ShouldBe(before, "paused");
        visit.ShouldBeCalm();

        Task SeeAsync(string state) => page.EvaluateAsync("state => { window.seen = state; document.dispatchEvent(new Event('visibilitychange')); }", state);

        async Task AnswersAfterAsync(int milliseconds)
        {
            var shown = await page.EvaluateAsync<int>("Number(document.documentElement.dataset.answers)");
            await page.Clock.RunForAsync(milliseconds);
            await page.WaitForFunctionAsync("shown => Number(document.documentElement.dataset.answers) > shown", shown);
        }
    }

    [Fact]
    public async Task Page_AgentGoesAway_SaysSo()
    {
        var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address);
        await visit.OpenLiveAsync();
        await agent.DisposeAsync();
        await Expect(visit.Page.Locator("#beat")).ToHaveTextAsync("no answer from the agent; trying again");
        await Expect(visit.Page.Locator("#ledger tbody tr")).ToHaveCountAsync(5);
    }

    [Fact]
    public async Task Page_WithoutScripts_ShowsTheBasics()
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address, new() { JavaScriptEnabled = false });
        await visit.OpenAsync();
        var page = visit.Page;
        await Expect(page.Locator("#ready")).ToHaveTextAsync(new Regex("eady"));
        await Expect(page.Locator("#ledger tbody .name")).ToHaveTextAsync(["db", "web", Hostile, "guest", "batch"]);
        await Expect(page.Locator("#ledger .s-waiting[width]").First).ToBeVisibleAsync();
        await Expect(page.Locator("#events tbody tr")).ToHaveCountAsync(4);
        await Expect(page.Locator("#clocks tbody th")).ToHaveTextAsync(["host"]);
        await Expect(page.Locator("#health")).ToContainTextAsync("collector clock");
        await Expect(page.Locator("#timeline")).ToBeHiddenAsync();
        await Expect(page.Locator("#pause")).ToBeHiddenAsync();
        visit.ShouldBeCalm();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_InEitherScheme_CanBeRead(ColorScheme scheme)
    {
        await using var agent = await StartAsync();
        await using var visit = await browser.VisitAsync(agent.Address, new() { ColorScheme = scheme });
        await visit.OpenLiveAsync();
        await visit.Page.Locator(".mark.k-wait").ClickAsync();

        // WCAG 2.2, 1.4.3: text that is not large has a contrast of 4.5 at least.
        var contrasts = await visit.Page.EvaluateAsync<Dictionary<string, double>>(Contrast);
        contrasts.Count.ShouldBeGreaterThan(10);
        contrasts.Where(each => each.Value < 4.5).ShouldBeEmpty();
        var ground = await visit.Page.EvaluateAsync<double>(
            "() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number); return r + g + b; }");
        (ground > 384).ShouldBe(scheme == ColorScheme.Light);
        visit.ShouldBeCalm();
    }

    private static async Task<TestAgent> StartAsync()
    {
        var ledger = new LedgerOf(TimeProvider.System)
            .With("service", "1", "web", ("running", 0.3), ("waiting", 0.4), ("sleeping", 20))
            .With("service", "2", "batch", ("running", 1.5), ("waiting", 0), ("sleeping", 1))
            .With("service", "3", "db", ("running", 0.01), ("waiting", 0), ("blocked", 0.9), ("sleeping", 8))
            .With("container", "4", Hostile, ("running", 0.1), ("waiting", 0.02), ("throttled", 0.2), ("sleeping", 1))
            .With("vm", "5", "guest", ("running", 0.6), ("waiting", 0.05), ("sleeping", 6), ("vcpu_guest", 0.5), ("vcpu_exit", 0.1));
        var agent = await TestAgent.StartAsync([ledger], ["otlp.endpoint=http://127.0.0.1:9"]);
        var happenings = new Happenings(agent);
        var (web, batch, hostile) = (happenings.Workload(1, "/web"), happenings.Workload(2, "/batch"), happenings.Workload(3, $"/{Hostile}"));
        var now = Happenings.Now;
        happenings.Tell(Happenings.Stall(StallKind.Wait, web, now - 5_000_000_000, 420, new Culprit(CulpritKind.Workload, batch, 315_000_000), new Culprit(CulpritKind.Unknown, null, 105_000_000)));
        happenings.Tell(Happenings.Stall(StallKind.Throttle, web, now - 3_000_000_000, 90));
        happenings.Tell(Happenings.Stall(StallKind.Blocked, hostile, now - 2_000_000_000, 700));
        // Known by its own clock to 10 s, and by this host's to what that is off besides.
        var host = HostClock.Discipline().MaximumError;
        happenings.Tell("vcenter-of-a-test", Happenings.Event("vcenter.vm.migrating", ("vcenter.vm.name", "vm-7")), UtcInterval.Around(now - 14_000_000_000, (long)(Uncertainty * 1e9) + host));
        await Happenings.KnownAsync(agent, 4);
        return agent;
    }

    private static Regex NotZero() => new("^[1-9]");

    private static Regex TraceId() => new("trace[0-9a-f]{32}");

    private const string Contrast = """
        () => {
          const parse = color => color.match(/[\d.]+/g).map(Number);
          const over = (top, under) => { const a = top[3] ?? 1; return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a)); };
          const luminance = rgb => { const [r, g, b] = rgb.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = node => { const chain = []; for (let each = node; each; each = each.parentElement) chain.unshift(parse(getComputedStyle(each).backgroundColor)); return chain.reduce((under, top) => over(top, under), [255, 255, 255]); };
          const opacity = node => { let all = 1; for (let each = node; each; each = each.parentElement) all *= Number(getComputedStyle(each).opacity); return all; };
          const found = {};
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            const node = text.parentElement;
            if (!text.textContent.trim() || !node.checkVisibility() || node.closest('svg')) continue;
            const under = ground(node);
            const color = parse(getComputedStyle(node).color);
            const top = over([...color.slice(0, 3), (color[3] ?? 1) * opacity(node)], under);
            const [light, dark] = [luminance(top), luminance(under)].sort((a, b) => b - a);
            const key = `${node.tagName}.${node.className}`;
            found[key] = Math.min(found[key] ?? 21, (light + 0.05) / (dark + 0.05));
          }
          return found;
        }
        """;
}
