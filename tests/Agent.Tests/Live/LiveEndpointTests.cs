using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Export;
using Observe.Agent.Tests.Http;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Time;
using Observe.Tests;

namespace Observe.Agent.Tests.Live;

public sealed class LiveEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_NobodyLooks_NothingIsCollected()
    {
        var time = new ManualTime();
        var ledger = new LedgerOf(time).With("service", "1", "web", ("running", 1));
        await using var agent = await TestAgent.StartAsync([ledger], adjust: services => services.AddSingleton<TimeProvider>(time));
        await StartedAsync(agent);

        time.Advance(TimeSpan.FromHours(1));
        ledger.Calls.ShouldBe(1, "an hour in which nobody looks");

        await AskAsync(agent);
        ledger.Calls.ShouldBe(2);
        time.Advance(TimeSpan.FromHours(1));
        ledger.Calls.ShouldBe(2, "an hour after somebody has");
    }

    [Fact]
    public async Task Live_ManyLook_ShareOneCollectionASecond()
    {
        var time = new ManualTime();
        var ledger = new LedgerOf(time).With("service", "1", "web", ("running", 1));
        await using var agent = await TestAgent.StartAsync([ledger], adjust: services => services.AddSingleton<TimeProvider>(time));
        await StartedAsync(agent);

        time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(agent)));
        ledger.Calls.ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(0.9));
        await AskAsync(agent);
        ledger.Calls.ShouldBe(2, "younger than a second");
        time.Advance(TimeSpan.FromSeconds(0.2));
        var answer = await AskAsync(agent);
        ledger.Calls.ShouldBe(3);
        var latest = answer.GetProperty("latest");
        (latest.GetProperty("end").GetDouble() - latest.GetProperty("begin").GetDouble()).ShouldBe(1100, 0.01);
        latest.GetProperty("rows")[0][1].GetDouble().ShouldBe(1, 1e-3);
    }

    [Fact]
    public async Task Live_Cursor_BringsOnlyWhatIsNew()
    {
        // Nobody listens there: spans are made for who is to take them, and wait.
        await using var agent = await TestAgent.StartAsync(settings: ["otlp.endpoint=http://127.0.0.1:9"]);
        var happenings = new Happenings(agent);
        var web = happenings.Workload(1, "/web");
        happenings.Tell(Happenings.Stall(StallKind.Throttle, web, Happenings.Now, 80));
        await Happenings.KnownAsync(agent, 1);
        // Its trace is decided a moment later, and is a change.
        await EndToEnd.Until.SoAsync("the stall has a trace", async () => (await AskAsync(agent)).GetProperty("events")[0].TryGetProperty("trace", out _));

        var first = await AskAsync(agent);
        var stall = first.GetProperty("events").EnumerateArray().ShouldHaveSingleItem();
        first.GetProperty("subjects")[stall.GetProperty("subject").GetInt32()].GetProperty("name").GetString().ShouldBe(web.Name);
        stall.GetProperty("stall").GetProperty("verdict").GetString().ShouldBe("quota");
        stall.GetProperty("stall").GetProperty("length").GetDouble().ShouldBe(80);
        var cursor = first.GetProperty("cursor").GetInt64();
        (await AskAsync(agent, cursor)).GetProperty("events").GetArrayLength().ShouldBe(0);

        happenings.Tell("vcenter-of-a-test", Happenings.Event("vcenter.vm.migrating", ("vcenter.vm.name", "vm")), UtcInterval.Around(Happenings.Now, 3_000_000_000));
        await Happenings.KnownAsync(agent, 2);
        var next = (await AskAsync(agent, cursor)).GetProperty("events").EnumerateArray().ShouldHaveSingleItem();
        next.GetProperty("name").GetString().ShouldBe("vcenter.vm.migrating");
        (next.GetProperty("begin")[1].GetDouble() - next.GetProperty("begin")[0].GetDouble()).ShouldBe(6000, 0.01);
        next.TryGetProperty("end", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public async Task Live_CursorThatIsNone_Is400(string since)
    {
        await using var agent = await TestAgent.StartAsync();
        using var response = await agent.Client.GetAsync($"/live?since={since}", Token);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("a whole number");
    }

    [Fact]
    public async Task Live_CollectionHangs_SaysSoAndShowsTheRest()
    {
        var time = new ManualTime();
        var hanging = new FakeCollector();
        await using var agent = await TestAgent.StartAsync([hanging], ["collectors.timeout=5m"], services => services.AddSingleton<TimeProvider>(time));
        await StartedAsync(agent);
        var gate = new TaskCompletionSource();
        hanging.Gate = gate.Task;
        time.Advance(TimeSpan.FromSeconds(1));

        var asked = AskAsync(agent);
        await EndToEnd.Until.SoAsync("the collection hangs", () => Task.FromResult(hanging.Calls == 2));
        await EndToEnd.Until.SoAsync("it is not waited for any longer", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(asked.IsCompleted);
        });
        gate.SetResult();

        var answer = await asked;
        answer.GetProperty("notes").EnumerateArray().Select(each => each.GetString()).ShouldContain(each => each!.Contains("takes longer"));
        answer.GetProperty("health").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("collectors.sched.enabled=false", "collectors.sched.enabled: false")]
    [InlineData("traces.stalls=false", "traces.stalls: false", "collectors.sched.enabled=true")]
    public async Task Live_SomethingIsSwitchedOff_SaysWhat(string setting, string note, string? other = null)
    {
        await using var agent = await TestAgent.StartAsync(settings: other is null ? [setting] : [setting, other]);
        (await AskAsync(agent)).GetProperty("notes").EnumerateArray().Select(each => each.GetString()).ShouldContain(each => each!.Contains(note));
        (await agent.Client.GetStringAsync("/", Token)).ShouldContain(note);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/live")]
    [InlineData("/trace")]
    public async Task Request_OverLoopbackUnderAForeignName_IsRefused(string path)
    {
        await using var agent = await TestAgent.StartAsync();
        (await agent.RawAsync($"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 421 ");
        foreach (var own in new[] { "localhost:9464", "127.0.0.1", "[::1]:9464", Environment.MachineName, "observe.localhost" })
            (await agent.RawAsync($"GET {path} HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ", customMessage: own);
        (await agent.RawAsync("GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ", customMessage: "probes name hosts as they like");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/live")]
    [InlineData("/trace")]
    [InlineData("/live/page.js")]
    public async Task Response_ToBrowsers_AllowsNothingFromElsewhere(string path)
    {
        await using var agent = await TestAgent.StartAsync();
        using var response = await agent.Client.GetAsync(path, Token);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; ");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("http");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.GetValues("Cross-Origin-Resource-Policy").ShouldBe(["same-origin"]);
        response.Headers.ShouldNotContain(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        response.Headers.CacheControl!.ToString().ShouldBe(path.EndsWith(".js", StringComparison.Ordinal) ? "no-cache" : "no-store");
    }

    [Fact]
    public async Task Asset_KnownAlready_Is304()
    {
        await using var agent = await TestAgent.StartAsync();
        using var first = await agent.Client.GetAsync("/live/page.css", Token);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/live/page.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await agent.Client.SendAsync(again, Token);
        first.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_WithoutScripts_LinksEverythingAndEncodesNames()
    {
        const string Name = "<img src=x onerror=alert(1)>\"'&";
        var ledger = new LedgerOf(TimeProvider.System).With("service", "1", Name, ("running", 1), ("waiting", 1));
        await using var agent = await TestAgent.StartAsync([ledger]);
        var happenings = new Happenings(agent);
        happenings.Tell("x", Happenings.Event("vcenter.event", ("vcenter.vm.name", Name)), UtcInterval.Around(Happenings.Now, 1));
        await Happenings.KnownAsync(agent, 1);

        var page = await agent.Client.GetStringAsync("/", Token);

        page.ShouldContain(AgentVersion.Number);
        foreach (var path in new[] { "/metrics", "/readyz", "/healthz", "/trace?seconds=30", "/live/page.css", "/live/icon.svg" })
            page.ShouldContain($"href=\"{path}\"");
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
        page.ShouldNotContain("<img src=x");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("style=");
        page.ShouldContain("class=\"s-waiting\"");
    }

    /// <summary>The one collection that nobody asked for has ended, and its result may be let get old.</summary>
    private static Task StartedAsync(TestAgent agent) => EndToEnd.Until.SoAsync(
        "the collection after the start", () => Task.FromResult(agent.Services.GetRequiredService<SharedCollection>().Collections == 1));

    private static async Task<JsonElement> AskAsync(TestAgent agent, long since = 0)
    {
        using var response = await agent.Client.GetAsync($"/live?since={since}", Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return document.RootElement.Clone();
    }
}
