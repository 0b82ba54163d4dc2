using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Observe.Agent.Tests.Systemd;

namespace Observe.Agent.Tests.EndToEnd;

public sealed partial class ProgramTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"observe-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Version_Asked_IsPrinted()
    {
        var (code, output, _) = await ObserveProcess.RunAsync("--version");
        code.ShouldBe(0);
        output.Trim().ShouldBe(AgentVersion.Full);
    }

    [Fact]
    public async Task CommandLine_Wrong_Is2WithTheReason()
    {
        var (code, _, error) = await ObserveProcess.RunAsync("runn");
        code.ShouldBe(2);
        error.ShouldContain("runn");
        error.ShouldContain("observe --help");
    }

    [Fact]
    public async Task Run_BadConfiguration_Is2WithAllErrorsAndNoStackTrace()
    {
        await File.WriteAllTextAsync(file, "listn: 1\nlog: {level: loud}\n", TestContext.Current.CancellationToken);
        var (code, _, error) = await ObserveProcess.RunAsync("run", "--config", file);
        code.ShouldBe(2);
        error.ShouldBe(
            $"observe: {file}:1: listn: unknown key; did you mean listen?\n" +
            $"observe: {file}:2: log.level: 'loud' is not debug, info, warning or error\n" +
            "observe: not started: the configuration has 2 errors\n");
    }

    [Fact]
    public async Task Run_BusyPort_Is1WithOneLineOfCauseAndRemedy()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var address = $"127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}";
        var (code, _, error) = await ObserveProcess.RunAsync("run", "--listen", address);
        code.ShouldBe(1);
        error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldMatch(
            $@"^observe: cannot listen on {address}: address already in use by .+ \(pid {Environment.ProcessId}\); stop what listens there, or choose another address");
    }

    [Fact]
    public async Task Run_SigTerm_TellsSystemdAndStopsWithin2Seconds()
    {
        using var systemd = new NotifySocket(isAbstract: true);
        using var observe = new ObserveProcess(["run", "--listen", "127.0.0.1:0"], new()
        {
            ["NOTIFY_SOCKET"] = systemd.Address,
            ["WATCHDOG_USEC"] = "200000",
        });
        var url = Url().Match(await observe.LineAsync("listens on")).Value;
        systemd.Receive().ShouldStartWith("READY=1\nSTATUS=ready");
        systemd.ReceiveUntil(each => each == "WATCHDOG=1");
        using (var client = new HttpClient())
            (await client.GetStringAsync($"{url}/metrics", TestContext.Current.CancellationToken)).ShouldContain($"observe_build_info{{version=\"{AgentVersion.Number}\"");

        observe.Signal("HUP");
        systemd.ReceiveUntil(each => each.StartsWith("RELOADING=1\nMONOTONIC_USEC=", StringComparison.Ordinal));
        await observe.LineAsync("configuration read again");
        var clock = Stopwatch.StartNew();
        observe.Signal("TERM");

        (await observe.ExitAsync()).ShouldBe(0);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        systemd.ReceiveUntil(each => each.StartsWith("STOPPING=1", StringComparison.Ordinal));
        observe.Error.ShouldContain("msg=stopped");
    }

    [Fact]
    public async Task Run_SocketFileLeftByAKilledProcess_IsTakenOver()
    {
        var path = Path.Combine(Path.GetTempPath(), $"observe-{Guid.NewGuid():N}.sock");
        using (var dead = new ObserveProcess(["run", "--listen", $"unix:{path}"]))
        {
            await dead.LineAsync("started: ready");
            dead.Signal("KILL");
            await dead.ExitAsync();
        }
        File.Exists(path).ShouldBeTrue("the killed process must have left its socket for this to mean anything");

        using var observe = new ObserveProcess(["run", "--listen", $"unix:{path}"]);
        await observe.LineAsync("started: ready");
        observe.Signal("TERM");
        (await observe.ExitAsync()).ShouldBe(0);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_UnreachableReceiver_StrictDecidesTheExitCode()
    {
        string[] arguments = ["check", "--json", "--listen", "127.0.0.1:0", "--set", "otlp.endpoint=http://127.0.0.1:9"];

        var (lenient, output, _) = await ObserveProcess.RunAsync(arguments);
        var (strict, _, _) = await ObserveProcess.RunAsync([.. arguments, "--strict"]);

        var levels = JsonDocument.Parse(output).RootElement.EnumerateArray().Select(each => each.GetProperty("level").GetString()).ToList();
        levels.ShouldContain("degraded");
        lenient.ShouldBe(levels.Contains("failed") ? 1 : 0);
        strict.ShouldBe(1);
    }

    [Fact]
    public async Task Check_BusyPort_Is1WithARow()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var address = $"127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}";

        var (code, output, _) = await ObserveProcess.RunAsync("check", "--listen", address);

        code.ShouldBe(1);
        output.ShouldMatch($@"listen on {address} +failed +address already in use by ");
    }

    [Fact]
    public async Task Check_PrintConfig_NamesOrigins()
    {
        using var observe = new ObserveProcess(["check", "--print-config", "--listen", ":1234"], new() { ["OBSERVE_OTLP__HEADERS"] = "api-key=s3cret" });
        (await observe.ExitAsync()).ShouldBe(0);
        observe.Output.ShouldMatch(@"listen: \[""\*:1234""\] +# command line --listen");
        observe.Output.ShouldMatch(@"headers: \{ api-key: ""\[redacted\]"" \} +# environment OBSERVE_OTLP__HEADERS");
        observe.Output.ShouldNotContain("s3cret");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();
}
