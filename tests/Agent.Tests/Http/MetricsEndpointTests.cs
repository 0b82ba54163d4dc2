using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Observe.Collectors.Self;

namespace Observe.Agent.Tests.Http;

public class MetricsEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("*/*", "text/plain")]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", "application/openmetrics-text")]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "application/vnd.google.protobuf")]
    public async Task Get_Accept_ChoosesTheFormat(string accept, string expected)
    {
        await using var agent = await TestAgent.StartAsync([new FakeCollector()]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await agent.Client.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(expected);
        var body = await response.Content.ReadAsByteArrayAsync(Token);
        response.Content.Headers.ContentLength.ShouldBe(body.Length);
        if (expected == "application/openmetrics-text")
            System.Text.Encoding.UTF8.GetString(body).ShouldEndWith("# EOF\n");
        if (expected == "text/plain")
            System.Text.Encoding.UTF8.GetString(body).ShouldContain("observe_bpf_map_entries{map=\"map_0\"} 0\n");
    }

    [Fact]
    public async Task Get_AcceptsGzip_InflatesToThePlainResponse()
    {
        await using var agent = await TestAgent.StartAsync([new FakeCollector(series: 5_000)], adjust: WithoutSelf);
        // One collection for both, or the durations differ.
        using var hold = await agent.Services.GetRequiredService<Observe.Agent.Export.SharedCollection>().CollectAsync(Token);
        var plainTask = GetAsync(agent, null);
        var packedTask = GetAsync(agent, "gzip");
        var (plain, plainEncoding) = await plainTask;
        var (packed, packedEncoding) = await packedTask;

        plainEncoding.ShouldBeNull();
        packedEncoding.ShouldBe("gzip");
        packed.Length.ShouldBeLessThan(plain.Length / 5);
        using var inflated = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
            await gzip.CopyToAsync(inflated, Token);
        Stable(inflated.ToArray()).ShouldBe(Stable(plain));
        plain.Length.ShouldBeGreaterThan(3 * Observe.Agent.Http.PagedBuffer.PageSize, "the response must span pages for this to mean anything");
    }

    [Theory]
    [InlineData("gzip;q=0", false)]
    [InlineData("deflate, br", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0.5, gzip;q=0", false)]
    [InlineData("identity, GZIP;q=0.1", true)]
    public async Task Get_AcceptEncoding_IsHonoured(string header, bool compressed)
    {
        await using var agent = await TestAgent.StartAsync();

        var (_, encoding) = await GetAsync(agent, header);

        encoding.ShouldBe(compressed ? "gzip" : null);
    }

    [Fact]
    public async Task Get_ManyAtOnce_CollectsOnce()
    {
        var collector = new FakeCollector();
        await using var agent = await TestAgent.StartAsync([collector]);
        await EventuallyAsync(() => collector.Calls == 1); // the one at start
        await Task.Delay(300, Token); // and let it grow old
        var gate = new TaskCompletionSource();
        collector.Gate = gate.Task;

        var scrapes = Enumerable.Range(0, 8).Select(_ => agent.Client.GetAsync("/metrics", Token)).ToList();
        await EventuallyAsync(() => collector.Calls == 2);
        await Task.Delay(100, Token);
        gate.SetResult();
        var responses = await Task.WhenAll(scrapes);

        responses.ShouldAllBe(each => each.StatusCode == HttpStatusCode.OK);
        collector.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Get_MoreAtOnceThanTheBound_RefusesTheRestAndCountsThem()
    {
        var collector = new FakeCollector();
        await using var agent = await TestAgent.StartAsync([collector]);
        await EventuallyAsync(() => collector.Calls == 1);
        await Task.Delay(300, Token);
        var gate = new TaskCompletionSource();
        collector.Gate = gate.Task;

        var held = Enumerable.Range(0, 8).Select(_ => agent.Client.GetAsync("/metrics", Token)).ToList();
        HttpResponseMessage refused;
        do
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                refused = await agent.Client.GetAsync("/metrics", patience.Token);
            }
            catch (OperationCanceledException)
            {
                refused = new HttpResponseMessage(HttpStatusCode.Processing); // not all eight have arrived yet
            }
        }
        while (refused.StatusCode == HttpStatusCode.Processing);
        gate.SetResult();

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await Task.WhenAll(held)).Count(each => each.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(7);
        agent.Services.GetRequiredService<LossCounters>().Counter("scrape_refused").Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Get_ScraperWaitsLessThanTheCollectionTakes_Answers503InTime()
    {
        var collector = new FakeCollector();
        await using var agent = await TestAgent.StartAsync([collector]);
        await EventuallyAsync(() => collector.Calls == 1);
        await Task.Delay(300, Token);
        collector.Gate = new TaskCompletionSource().Task;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Prometheus-Scrape-Timeout-Seconds", "0.4");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        using var response = await agent.Client.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromMilliseconds(190), TimeSpan.FromSeconds(3));
        (await response.Content.ReadAsStringAsync(Token)).ShouldStartWith("the collection did not end within 0.2 s");
        agent.Services.GetRequiredService<LossCounters>().Counter("scrape_timed_out").Value.ShouldBe(1);
    }

    [Fact]
    public async Task Get_OneCollectorHangs_TheRestIsServedWithItsSuccessAtZero()
    {
        var collector = new FakeCollector();
        await using var agent = await TestAgent.StartAsync([collector], ["collectors.timeout=300ms"]);
        await EventuallyAsync(() => collector.Calls == 1);
        await Task.Delay(300, Token);
        collector.Gate = new TaskCompletionSource().Task;

        var body = await agent.Client.GetStringAsync("/metrics", Token);

        body.ShouldContain("observe_collector_success{collector=\"fake\"} 0\n");
        body.ShouldContain("observe_collector_success{collector=\"self\"} 1\n");
        body.ShouldContain("observe_lost_total{reason=\"collection_cut_off\"}");
        body.ShouldNotContain("observe_bpf_map_entries{");
    }

    [Fact]
    public async Task Head_SameHeadersNoBodyNoCollection()
    {
        var collector = new FakeCollector();
        await using var agent = await TestAgent.StartAsync([collector]);
        await EventuallyAsync(() => collector.Calls == 1);
        await Task.Delay(300, Token);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/metrics");

        using var response = await agent.Client.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await response.Content.ReadAsByteArrayAsync(Token)).ShouldBeEmpty();
        collector.Calls.ShouldBe(1);
    }

    private static void WithoutSelf(IServiceCollection services) =>
        services.Remove(services.First(each => each.ServiceType == typeof(Observe.Collectors.ICollector)));

    // The runner's own durations may differ between two collections.
    private static string[] Stable(byte[] body) =>
        [.. System.Text.Encoding.UTF8.GetString(body).Split('\n').Where(each => !each.StartsWith("observe_collector_duration", StringComparison.Ordinal))];

    private static async Task<(byte[] Body, string? Encoding)> GetAsync(TestAgent agent, string? acceptEncoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (acceptEncoding is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        using var response = await agent.Client.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Vary.ShouldBe(["Accept", "Accept-Encoding"]);
        return (await response.Content.ReadAsByteArrayAsync(Token), response.Content.Headers.ContentEncoding.SingleOrDefault());
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            attempt.ShouldBeLessThan(500, "the condition did not come true within 10 s");
            await Task.Delay(20, Token);
        }
    }
}
