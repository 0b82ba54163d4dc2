using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>The built agent, treated as it will be: killed, doubled, asked nonsense, asked too much, and never read to the end.</summary>
public sealed partial class RoughUseTests
{
    /// <summary>Several times the connections that the agent takes at once.</summary>
    private const int Scrapers = 200;

    /// <summary>Seconds: what the accounts of the CPUs may miss of a moment (they are exact to 1 us a second) and the clocks of each other.</summary>
    private const double Edge = 0.001;

    /// <summary>Longer than a collection is handed out again for.</summary>
    private static readonly TimeSpan Shared = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Run_Killed_LeavesNothingInTheKernelAndStartsAgain()
    {
        BuiltAgent.SkipUnlessUsable();
        KernelObjects held;
        await using (var agent = await BuiltAgent.RunAsync())
        {
            held = KernelObjects.Of(agent.Id);
            held.Count.ShouldBeGreaterThan(15);
            held.Left().Count.ShouldBe(held.Count, "bpftool must see them while the agent runs");

            agent.Signal("KILL");
            (await agent.ExitAsync()).ShouldBe(137);
        }
        await held.ShouldBeGoneAsync();

        await using var again = await BuiltAgent.RunAsync();
        (await again.GetAsync("/readyz")).ShouldBe((HttpStatusCode.OK, "ready\n"));
    }

    [Fact]
    public async Task Run_TwoAgents_CountTheSameSideBySide()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var first = await BuiltAgent.RunAsync();
        await using var second = await BuiltAgent.RunAsync();
        var begun = (First: await CpuTimeAsync(first), Second: await CpuTimeAsync(second));
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        var ended = (First: await CpuTimeAsync(first), Second: await CpuTimeAsync(second));

        (await first.GetAsync("/readyz")).ShouldBe((HttpStatusCode.OK, "ready\n"));
        (await second.GetAsync("/readyz")).ShouldBe((HttpStatusCode.OK, "ready\n"));
        ShouldBeAllTime(begun.First, ended.First);
        ShouldBeAllTime(begun.Second, ended.Second);
        var held = KernelObjects.Of(first.Id);
        (await first.StopAsync()).Code.ShouldBe(0);
        await held.ShouldBeGoneAsync();
        (await second.GetAsync("/readyz")).ShouldBe((HttpStatusCode.OK, "ready\n"));
        ShouldBeAllTime(ended.Second, await CpuTimeAsync(second));
    }

    [Fact]
    public async Task Stop_WithOpenScrapesHalfRequestsAndLoad_TakesLessThan2Seconds()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync();
        using var half = await agent.ConnectAsync();
        await half.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n"u8.ToArray());
        using var unread = await agent.ConnectAsync(receiveBuffer: 1024);
        await unread.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 50))));
        using var stop = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, 4).Select(_ => ScrapeUntilAsync(agent, stop.Token))];
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var held = KernelObjects.Of(agent.Id);

        var (code, took) = await agent.StopAsync();

        await stop.CancelAsync();
        await Task.WhenAll(load);
        code.ShouldBe(0);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        await held.ShouldBeGoneAsync();
    }

    [Fact]
    public async Task Stop_OnAMachineThatStandsStillMeanwhile_IsStillAGoodOne()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync();
        using var half = await agent.ConnectAsync(); // is waited for: the stop takes longer than the signals to it
        await half.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n"u8.ToArray());

        agent.Signal("TERM");
        await Until.SoAsync("it listens no more", async () =>
        {
            try
            {
                (await agent.ConnectAsync()).Dispose();
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        });
        agent.Signal("STOP");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        agent.Signal("CONT");

        (await agent.ExitAsync()).ShouldBe(0, string.Join('\n', agent.Log));
    }

    [Fact]
    public async Task Stop_WhileItStarts_IsAGoodOne()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = BuiltAgent.Launch();
        await agent.LineAsync("event=LedgerStarted"); // long before it listens
        var held = KernelObjects.Of(agent.Id);

        var (code, _) = await agent.StopAsync();

        code.ShouldBe(0, string.Join('\n', agent.Log));
        await held.ShouldBeGoneAsync();
    }

    [Fact]
    public async Task Http_Garbage_IsRefusedAndTheAgentGoesOn()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync();
        var random = new Random(20261121);
        var noise = new byte[2048];
        random.NextBytes(noise);
        byte[][] requests =
        [
            noise,
            "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"u8.ToArray(), // a TLS client
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(),
            "GET /metrics HTTP/9.9\r\nHost: x\r\n\r\n"u8.ToArray(),
            "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(),
            "GET /metrics HTTP/1.1\r\n\r\n"u8.ToArray(), // no Host
            "DELETE /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(),
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"u8.ToArray(),
            "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"u8.ToArray(),
            Encoding.ASCII.GetBytes($"GET /{new string('a', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n"),
            Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 1000).Select(each => $"h{each}: v\r\n"))}\r\n"),
        ];
        foreach (var request in requests)
        {
            using var socket = await agent.ConnectAsync();
            var answer = await AskAsync(socket, request);
            // HTTP/2's own opening is refused in its own words, if it comes in one piece: a frame of 8 bytes, GOAWAY (RFC 9113, 6.8).
            if (answer.Length > 0)
                answer.ShouldMatch("^(HTTP/1.1 (4[0-9][0-9]|505) |\\x00\\x00\\x08\\x07\\x00)", Encoding.Latin1.GetString(request[..Math.Min(60, request.Length)]));
        }

        (await agent.GetAsync("/metrics")).Code.ShouldBe(HttpStatusCode.OK);
        agent.Log.ShouldAllBe(each => each.Contains("level=info", StringComparison.Ordinal), "strangers must not be able to fill the log");
    }

    [Fact]
    public async Task Metrics_200AtOnce_AreAnsweredOrTurnedAwayAndCounted()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, Scrapers).Select(_ => TryScrapeAsync(agent))).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var served = answers.Count(each => each == HttpStatusCode.OK);
        var turnedAway = answers.Count(each => each == HttpStatusCode.ServiceUnavailable);
        var closed = answers.Count(each => each is null);
        (served + turnedAway + closed).ShouldBe(Scrapers, string.Join(' ', answers.Distinct()));
        served.ShouldBeGreaterThanOrEqualTo(8);
        (await agent.GetAsync("/readyz")).ShouldBe((HttpStatusCode.OK, "ready\n"));
        await Task.Delay(Shared, TestContext.Current.CancellationToken); // what was collected in the midst of it does not count
        var metrics = await MetricsAsync(agent);
        metrics.ShouldContain($"observe_lost_total{{reason=\"scrape_refused\"}} {turnedAway}\n");
        TestContext.Current.TestOutputHelper!.WriteLine($"{served} served, {turnedAway} asked to come back, {closed} closed");
    }

    [Fact]
    public async Task Metrics_ReadersThatDoNotRead_HoldUpNobody()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync();
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 6; i++)
            {
                var socket = await agent.ConnectAsync(receiveBuffer: 1024);
                idle.Add(socket);
                // More than the buffers of both ends can take, so that the agent is left with it.
                await socket.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 300))));
            }
            await Task.Delay(300, TestContext.Current.CancellationToken);

            for (var i = 0; i < 5; i++)
                (await agent.GetAsync("/metrics").WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).Code.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            idle.ForEach(each => each.Dispose());
        }
    }

    private static async Task<string> MetricsAsync(BuiltAgent agent)
    {
        var (code, body) = await agent.GetAsync("/metrics");
        code.ShouldBe(HttpStatusCode.OK);
        return body;
    }

    /// <summary>What all CPUs did in all, by the agent's account, and the moments around the collection it is from.</summary>
    private static async Task<(double Sum, double Before, double After)> CpuTimeAsync(BuiltAgent agent)
    {
        await Task.Delay(Shared, TestContext.Current.CancellationToken);
        var before = Stopwatch.GetTimestamp();
        var metrics = await MetricsAsync(agent);
        var after = Stopwatch.GetTimestamp();
        return (CpuTime().Matches(metrics).Sum(each => double.Parse(each.Groups[1].Value)), before / (double)Stopwatch.Frequency, after / (double)Stopwatch.Frequency);
    }

    /// <summary>No CPU's time went missing, and none was counted twice.</summary>
    private static void ShouldBeAllTime((double Sum, double Before, double After) begun, (double Sum, double Before, double After) ended) =>
        (ended.Sum - begun.Sum).ShouldBeInRange(
            Environment.ProcessorCount * (ended.Before - begun.After - Edge), Environment.ProcessorCount * (ended.After - begun.Before + Edge));

    private static async Task<HttpStatusCode?> TryScrapeAsync(BuiltAgent agent)
    {
        try
        {
            // A connection each, as scrapers that do not know of each other have.
            using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
            using var response = await client.GetAsync(new Uri(agent.Address, "/metrics"));
            await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task ScrapeUntilAsync(BuiltAgent agent, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await TryScrapeAsync(agent) is not null)
        {
            // Once more.
        }
    }

    private static async Task<string> AskAsync(Socket socket, byte[] request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var answer = new byte[4096];
        try
        {
            await socket.SendAsync(request, patience.Token);
            socket.Shutdown(SocketShutdown.Send);
            return Encoding.Latin1.GetString(answer, 0, await socket.ReceiveAsync(answer, patience.Token));
        }
        catch (SocketException)
        {
            return ""; // closed on us
        }
    }

    [GeneratedRegex("""^observe_cpu_time_seconds_total\{[^}]*\} (\S+)$""", RegexOptions.Multiline)]
    private static partial Regex CpuTime();
}
