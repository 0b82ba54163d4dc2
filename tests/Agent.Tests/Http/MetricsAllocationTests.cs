using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Http;

namespace Observe.Agent.Tests.Http;

/// <summary>Alone in the process while it runs: what is allocated is counted for the process as a whole.</summary>
[Collection(nameof(RunsAlone))]
public class MetricsAllocationTests
{
    /// <summary>What a scrape may allocate besides, in bytes: a context, a task, headers, the compressor, a page list.</summary>
    private const long FixedPart = 32 * 1024;

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    public async Task Get_ManySeries_AllocatesNothingPerSeries(string encoding)
    {
        var few = await AllocatedPerScrapeAsync(series: 100, encoding);
        var many = await AllocatedPerScrapeAsync(series: 30_000, encoding);

        few.ShouldBeLessThan(FixedPart);
        // 29,900 series more: not even one byte for each, by far.
        (many - few).ShouldBeLessThan(8_192, $"{few} bytes a scrape with 100 series, {many} with 30,000");
    }

    private static async Task<long> AllocatedPerScrapeAsync(int series, string encoding)
    {
        const int Scrapes = 20;
        await using var agent = await TestAgent.StartAsync([new FakeCollector(series)]);
        // Below the server: its transport and the client allocate by the length of the response, whoever wrote it.
        var endpoint = agent.Services.GetServices<IHttpEndpoint>().OfType<MetricsEndpoint>().Single();
        // Far enough apart that each collects anew: all the snapshots that take turns must have grown to size.
        for (var warmUp = 0; warmUp < 5; warmUp++)
        {
            await ScrapeAsync();
            await Task.Delay(260, TestContext.Current.CancellationToken);
        }
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var scrape = 0; scrape < Scrapes; scrape++)
            await ScrapeAsync();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Scrapes;

        async Task ScrapeAsync()
        {
            var context = new DefaultHttpContext();
            context.Request.Method = HttpMethods.Get;
            context.Request.Headers.AcceptEncoding = encoding;
            context.Response.Body = Stream.Null;
            await endpoint.HandleAsync(context);
            context.Response.StatusCode.ShouldBe(StatusCodes.Status200OK);
        }
    }
}
