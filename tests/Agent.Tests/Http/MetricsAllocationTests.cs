namespace Observe.Agent.Tests.Http;

/// <summary>Alone in the process while it runs: what is allocated is counted for the process as a whole.</summary>
[Collection(nameof(RunsAlone))]
public class MetricsAllocationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ManySeries_AllocatesNothingPerSeries()
    {
        var few = await AllocatedPerScrapeAsync(series: 100);
        var many = await AllocatedPerScrapeAsync(series: 30_000);

        // Client and server share this process, so each scrape costs some fixed kilobytes; 29,900 more series must not add a byte each.
        (many - few).ShouldBeLessThan(29_900, $"{few} bytes a scrape with 100 series, {many} with 30,000");
    }

    private static async Task<long> AllocatedPerScrapeAsync(int series)
    {
        const int Scrapes = 20;
        await using var agent = await TestAgent.StartAsync([new FakeCollector(series)]);
        var sink = new byte[64 * 1024];
        for (var warmUp = 0; warmUp < 10; warmUp++)
            await ScrapeAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var scrape = 0; scrape < Scrapes; scrape++)
            await ScrapeAsync();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Scrapes;

        async Task ScrapeAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            using var response = await agent.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            await using var body = await response.Content.ReadAsStreamAsync(Token);
            while (await body.ReadAsync(sink, Token) > 0)
            {
            }
        }
    }
}
