using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Observe.Kernel.Tests.Harness;

/// <summary>
/// The agent as users run it: a process of its own, asked over HTTP. When it is disposed it must end by SIGTERM, with
/// status 0 and in time, and leave nothing in the kernel.
/// </summary>
public sealed class AgentUnderTest : IAsyncLifetime
{
    /// <summary>Longer than a collection is handed out again for: what is asked for this long after is collected anew.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(300);
    /// <summary>Under emulation nothing is fast, least of all beside other machines: there these say only that nothing hangs.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(Bed.InVm ? 240 : 15);
    /// <summary>2 s; under emulation less than what the agent gives itself before it ends by force, with another status.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(Bed.InVm ? 28 : 2);

    /// <summary>Until an agent that does not end is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(Bed.InVm ? 60 : 10);

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<string> log = [];
    private HashSet<int> before = [];
    private HashSet<int> mapsBefore = [];
    private Process? process;
    private double lastScrape;

    /// <summary>Options of <c>observe run</c>, beside the address.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>A command to run it under, which must become it; empty for none.</summary>
    public IReadOnlyList<string> Under { get; init; } = [];

    /// <summary>Its process.</summary>
    public int Pid => process?.Id ?? throw new InvalidOperationException("the agent does not run");

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>From the start of the process to readiness.</summary>
    public TimeSpan TimeToReady { get; private set; }

    /// <summary>From SIGTERM to its end.</summary>
    public TimeSpan? TimeToStop { get; private set; }

    /// <summary>What it wrote to its log so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return string.Join('\n', log);
        }
    }

    /// <summary>Skips the calling test, with the reason, where the agent cannot run.</summary>
    public static void SkipUnlessUsable()
    {
        if (Bed.Missing() is { } reason)
            Assert.Skip(reason);
    }

    public async ValueTask InitializeAsync()
    {
        if (Bed.Missing() is not null)
            return;
        before = BpfPrograms.OfAgents();
        mapsBefore = BpfPrograms.MapsOfLedger();
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        var started = Stopwatch.GetTimestamp();
        string[] command = [.. Under, Bed.Artifact("observe/observe"), "run", "--listen", Address.Authority, .. Options];
        var run = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        // Those are settings to the agent: OBSERVE_VM and the like are for us.
        foreach (var name in run.Environment.Keys.Where(name => name.StartsWith("OBSERVE_", StringComparison.Ordinal)).ToArray())
            run.Environment.Remove(name);
        process = Process.Start(run)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        while (!await IsReadyAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"the agent was not ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s (exited: {process.HasExited}); its log:\n{Log}");
            await Task.Delay(20);
        }
        TimeToReady = Stopwatch.GetElapsedTime(started);
        lastScrape = Scrape.Now; // readiness came with a collection
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        client.Dispose();
    }

    /// <summary>Stops it as systemd would, and looks at what it leaves behind.</summary>
    public async Task StopAsync()
    {
        if (process is null)
            return;
        using var stopping = process;
        process = null;
        var began = Stopwatch.GetTimestamp();
        using (var kill = Process.Start("kill", ["-TERM", $"{stopping.Id}"]))
            await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await stopping.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            stopping.Kill();
            throw new InvalidOperationException($"the agent did not end within {Patience} of SIGTERM; its log:\n{Log}");
        }
        TimeToStop = Stopwatch.GetElapsedTime(began);
        stopping.ExitCode.ShouldBe(0, Log);
        TimeToStop.Value.ShouldBeLessThan(StopLimit);
        // The kernel frees after a grace period.
        for (var attempt = 0; attempt < 50 && Left().Any(); attempt++)
            await Task.Delay(100);
        Left().ShouldBeEmpty("the agent has left these programs and maps in the kernel");
    }

    /// <summary>Waits until what is asked for is collected anew.</summary>
    internal async Task RestAsync()
    {
        var wait = lastScrape + Fresh.TotalSeconds - Scrape.Now;
        if (wait > 0)
            await Task.Delay(TimeSpan.FromSeconds(wait));
    }

    /// <summary>Collects and parses, with the moments around it: never what was collected for someone before.</summary>
    internal async Task<Scrape> ScrapeAsync()
    {
        await RestAsync();
        var asked = Scrape.Now;
        var text = await GetAsync("/metrics");
        lastScrape = Scrape.Now;
        return new Scrape(text, asked, lastScrape);
    }

    /// <summary>Asks for a text.</summary>
    internal Task<string> GetAsync(string path) => client.GetStringAsync(new Uri(Address, path));

    /// <summary>Asks how each part fares, as JSON.</summary>
    internal async Task<JsonNode> ReadinessAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/readyz"));
        request.Headers.TryAddWithoutValidation("Accept", "application/json").ShouldBeTrue();
        using var response = await client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>What it says of one of its parts: <c>ok: attached to ...</c>.</summary>
    internal async Task<string> StatusOfAsync(string component)
    {
        var row = (await ReadinessAsync())["components"]!.AsArray().Single(each => (string?)each!["component"] == component)!;
        return $"{(string?)row["level"]}: {(string?)row["detail"]}";
    }

    /// <summary>Asks for /metrics in a format.</summary>
    internal async Task<(MediaTypeHeaderValue Type, byte[] Body)> GetMetricsAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/metrics"));
        request.Headers.TryAddWithoutValidation("Accept", accept).ShouldBeTrue();
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        lastScrape = Scrape.Now;
        return (response.Content.Headers.ContentType!, await response.Content.ReadAsByteArrayAsync());
    }

    private IEnumerable<int> Left() => BpfPrograms.OfAgents().Except(before).Concat(BpfPrograms.MapsOfLedger().Except(mapsBefore));

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await client.GetAsync(new Uri(Address, "/readyz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (log)
            log.Add(line.Data);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
