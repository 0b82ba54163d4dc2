using System.Net;
using System.Text.Json;
using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.BrokenHost;

/// <summary>The built program where the ledger cannot run: each cause and each remedy is one line, said once, and the rest goes on.</summary>
public sealed class WithoutLedgerTests
{
    public static TheoryData<string> Hosts { get; } = [.. BrokenHosts.WithoutLedger.Keys];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Check_HostWithout_Is1WithOneLineOfCauseAndRemedy(string without)
    {
        BuiltAgent.SkipUnlessUsable();
        var broken = BrokenHosts.WithoutLedger[without];

        var (code, output, error) = await BuiltAgent.CommandAsync(broken.Host, "check", "--json", "--listen", "127.0.0.1:0");

        error.ShouldBeEmpty();
        code.ShouldBe(1, output);
        var failed = JsonDocument.Parse(output).RootElement.EnumerateArray().Where(each => each.GetProperty("level").GetString() == "failed")
            .Select(each => (Component: each.GetProperty("component").GetString()!, Detail: each.GetProperty("detail").GetString()!, Remedy: each.GetProperty("remedy").GetString()!))
            .ToList();
        (string, string, string) ledger = without == "no libbpf"
            ? ("ledger", "not tried: there is no usable libbpf", broken.Remedy)
            : ("ledger", broken.Cause, broken.Remedy);
        failed.ShouldBe(broken.Row is { } row ? [row, ledger] : [ledger]);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Run_HostWithout_LivesSaysSoOnceAndStops(string without)
    {
        BuiltAgent.SkipUnlessUsable();
        var broken = BrokenHosts.WithoutLedger[without];
        await using var agent = await BuiltAgent.RunAsync(host: broken.Host);

        var (code, ready) = await agent.GetAsync("/readyz");
        var (_, json) = await agent.GetAsync("/readyz", "application/json");
        var (metricsCode, metrics) = await agent.GetAsync("/metrics");
        var (health, _) = await agent.GetAsync("/healthz");
        await Task.Delay(600, TestContext.Current.CancellationToken); // older than a shared collection: collected again
        await agent.GetAsync("/metrics");
        var (exit, took) = await agent.StopAsync();

        code.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.ShouldStartWith("not ready\n");
        ready.Split('\n').Count(each => each.Contains(broken.Cause, StringComparison.Ordinal) && each.EndsWith(broken.Remedy, StringComparison.Ordinal)).ShouldBe(1, ready);
        JsonDocument.Parse(json).RootElement.GetProperty("components").EnumerateArray()
            .ShouldAllBe(each => !each.GetProperty("detail").GetString()!.Contains('\n'));
        health.ShouldBe(HttpStatusCode.OK);
        metricsCode.ShouldBe(HttpStatusCode.OK);
        metrics.ShouldContain("observe_collector_success{collector=\"sched\"} 0\n");
        metrics.ShouldContain("observe_collector_success{collector=\"self\"} 1\n");
        metrics.ShouldNotContain("observe_thread_time_seconds_total{"); // unknown is not 0
        agent.Log.Count(each => each.Contains(broken.Cause, StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', agent.Log));
        agent.Log.Single(each => each.Contains("event=LedgerFailed", StringComparison.Ordinal)).ShouldContain($"{broken.Cause}; {broken.Remedy}");
        agent.Log.Count(each => each.Contains("level=error", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', agent.Log));
        exit.ShouldBe(0);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }
}
