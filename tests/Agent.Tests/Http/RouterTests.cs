using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Http;
using Observe.Collectors;

namespace Observe.Agent.Tests.Http;

public class RouterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_UnknownPath_Is404()
    {
        await using var agent = await TestAgent.StartAsync();
        using var response = await agent.Client.GetAsync("/metrics/", Token);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("/metrics");
    }

    [Fact]
    public async Task Request_OtherMethod_Is405WithAllow()
    {
        await using var agent = await TestAgent.StartAsync();
        using var response = await agent.Client.PostAsync("/metrics", new StringContent("x"), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["GET", "HEAD"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/healthz")]
    [InlineData("/nowhere")]
    public async Task Response_NeverNamesTheServer(string path)
    {
        await using var agent = await TestAgent.StartAsync();
        using var response = await agent.Client.GetAsync(path, Token);
        response.Headers.Server.ShouldBeEmpty();
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Request_HeadersTooLarge_AreRefused()
    {
        await using var agent = await TestAgent.StartAsync();
        var answer = await agent.RawAsync($"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Pad: {new string('a', 20_000)}\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 431 ");
    }

    [Fact]
    public async Task Request_LineTooLong_IsRefused()
    {
        await using var agent = await TestAgent.StartAsync();
        var answer = await agent.RawAsync($"GET /{new string('a', 5_000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 414 ");
    }

    [Fact]
    public async Task Request_EndpointThrows_Is500AndOneLogLine()
    {
        await using var agent = await TestAgent.StartAsync(adjust: services => services.AddSingleton<IHttpEndpoint, BrokenEndpoint>());

        using var first = await agent.Client.GetAsync("/broken", Token);
        using var second = await agent.Client.GetAsync("/broken", Token);

        first.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        second.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await first.Content.ReadAsStringAsync(Token)).ShouldNotContain("secret");
        agent.Log.ToString().Split('\n').Count(each => each.Contains("/broken failed")).ShouldBe(1);
    }

    [Fact]
    public async Task Health_Idle_IsOk()
    {
        await using var agent = await TestAgent.StartAsync();
        (await agent.Client.GetStringAsync("/healthz", Token)).ShouldBe("ok\n");
    }

    [Fact]
    public async Task Ready_PartFailed_Is503WithTheReasonAsTextAndJson()
    {
        var collector = new FakeCollector { Status = [new ComponentStatus("program ledger", StatusLevel.Failed, "cannot attach <x>", "run as root")] };
        await using var agent = await TestAgent.StartAsync([collector]);

        using var text = await agent.Client.GetAsync("/readyz", Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/readyz");
        request.Headers.Accept.ParseAdd("application/json");
        using var json = await agent.Client.SendAsync(request, Token);
        var page = await agent.Client.GetStringAsync("/", Token);

        text.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var lines = (await text.Content.ReadAsStringAsync(Token)).Split('\n');
        lines[0].ShouldBe("not ready");
        lines.ShouldContain(each => each.StartsWith("program ledger", StringComparison.Ordinal) && each.Contains("cannot attach <x>") && each.EndsWith("run as root", StringComparison.Ordinal));
        json.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        json.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        using var document = JsonDocument.Parse(await json.Content.ReadAsStringAsync(Token));
        document.RootElement.GetProperty("ready").GetBoolean().ShouldBeFalse();
        var row = document.RootElement.GetProperty("components").EnumerateArray().Single(each => each.GetProperty("component").GetString() == "program ledger");
        row.GetProperty("level").GetString().ShouldBe("failed");
        row.GetProperty("remedy").GetString().ShouldBe("run as root");
        page.ShouldContain("cannot attach &lt;x&gt;");
        page.ShouldContain("Not ready.");
    }

    [Fact]
    public async Task Ready_PartDegraded_Is200WithTheReason()
    {
        var collector = new FakeCollector { Status = [new ComponentStatus("throttle split", StatusLevel.Degraded, "unknown on this kernel", "update")] };
        await using var agent = await TestAgent.StartAsync([collector]);

        var body = await EventuallyReadyAsync(agent);

        body.ShouldStartWith("ready\n");
        body.ShouldContain("unknown on this kernel");
    }

    [Fact]
    public async Task Ready_BeforeTheFirstCollection_Is503()
    {
        var gate = new TaskCompletionSource();
        await using var agent = await TestAgent.StartAsync([new FakeCollector { Gate = gate.Task }]);

        using var early = await agent.Client.GetAsync("/readyz", Token);
        gate.SetResult();
        await EventuallyReadyAsync(agent);

        early.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await early.Content.ReadAsStringAsync(Token)).ShouldContain("the first collection has not ended yet");
    }

    private static async Task<string> EventuallyReadyAsync(TestAgent agent)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var response = await agent.Client.GetAsync("/readyz", Token);
            var body = await response.Content.ReadAsStringAsync(Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return body;
            attempt.ShouldBeLessThan(250, body);
            await Task.Delay(20, Token);
        }
    }

    private sealed class BrokenEndpoint : IHttpEndpoint
    {
        public string Path => "/broken";

        public Task HandleAsync(HttpContext context) => throw new InvalidOperationException("a secret detail");
    }
}
