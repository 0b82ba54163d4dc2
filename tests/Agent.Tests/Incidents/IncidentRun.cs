using System.Diagnostics;
using Observe.Agent.Tests.EndToEnd;
using Observe.Agent.Tests.Incidents.Acts;
using Observe.Agent.Tests.Incidents.Payload;
using Observe.Agent.Tests.Otlp;
using Observe.Agent.Tests.Peers;
using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Agent.Tests.Incidents;

/// <summary>
/// One incident, watched by the agent as it is run and pushing to a receiver, and scraped by Prometheus 3. Over when the tests begin: all that
/// they have is what was sent, and what the script did.
/// </summary>
public sealed class IncidentRun : IAsyncLifetime
{
    /// <summary>
    /// From the incident's end to the last span of it: tasks are read every 5 s, and told after 6 s more at most; 12 s are waited for what is late; a second to gather.
    /// The rest is for a machine with more to do.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private ExportedPayload? payload;
    private IncidentTruth? truth;
    private string? failure;

    /// <summary>What was sent.</summary>
    internal ExportedPayload Payload => payload!;

    /// <summary>What was done.</summary>
    internal IncidentTruth Truth => truth!;

    /// <summary>What Prometheus knows of single waits and throttled spells; null where there is no Prometheus.</summary>
    internal List<PrometheusServer.FoundExemplar>? Scraped { get; private set; }

    /// <summary>Skips the calling test, with the reason, where no incident can be played.</summary>
    internal void SkipUnlessPlayed()
    {
        Assert.SkipWhen(IncidentStage.Missing is not null, IncidentStage.Missing ?? "");
        failure.ShouldBeNull();
    }

    /// <summary>Skips the calling test, with the reason, where others had so much of this machine that how much of something was told says nothing.</summary>
    /// <param name="kind">Of what sort of stall.</param>
    internal void SkipUnlessQuiet(string kind)
    {
        SkipUnlessPlayed();
        var others = OtherLoad.Of(Payload, Truth, kind);
        Assert.SkipWhen(others is not null, $"this machine has too much else to do: {others}");
    }

    public async ValueTask InitializeAsync()
    {
        if (IncidentStage.Missing is not null)
            return;
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stage = await IncidentStage.SetAsync();
        await using var agent = await BuiltAgent.RunAsync(null, stage.Host, stage.AgentArguments(receiver.Url()));
        await using var prometheus = File.Exists(ScrapedAgent.Binary(3)) ? new PrometheusServer(ScrapedAgent.Binary(3), agent.Address, native: true) : null;
        try
        {
            await agent.LineAsync("connected to docker");
            await Until.SoAsync("the agent knows which virtual machine it is in", async () => (await agent.GetAsync("/metrics")).Body.Contains("observe_host_vm_info{", StringComparison.Ordinal));
            var script = new IncidentScript(stage);
            truth = await script.PlayAsync();
            await ToldAsync(receiver, truth);
            Scraped = prometheus is null ? null : await ExemplarsAsync(prometheus);
            var (code, _) = await agent.StopAsync();
            failure = code == 0 ? null : $"the agent ended with {code}; it said:\n{string.Join('\n', agent.Log)}";
        }
        catch (Exception error)
        {
            // Each test says so, and none instead of it.
            failure = $"the incident could not be played: {error}; the agent said:\n{string.Join('\n', agent.Log)}";
        }
        payload = ExportedPayload.Of(receiver);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Waits for what takes longest: the operation, what stands beneath it, and the exemplars, which come after the spans that they lead to.</summary>
    private static async Task ToldAsync(OtlpReceiver receiver, IncidentTruth truth)
    {
        string[] parts = ["vcenter.vm.migrate", "container.restart_loop"];
        await Until.SoAsync("the operation and the restarts are told of", () => Task.FromResult(parts.All(name => ExportedPayload.SpansOf(receiver).Any(each => each.Name == name))), Patience);
        (string Metric, string Container)[] histograms = [("observe.runqueue.wait", truth.Neighbour.Victim), ("observe.throttle", truth.Quota.Container)];
        await Until.SoAsync("there are exemplars of the victim and of the one that was throttled", () => Task.FromResult(IsShown(ExportedPayload.ExemplarsOf(receiver).ToList())), Patience);

        bool IsShown(List<ExportedExemplar> exemplars) => histograms.All(each => exemplars.Any(one => one.Metric == each.Metric && one.Workload == each.Container[..12]));
    }

    private static async Task<List<PrometheusServer.FoundExemplar>> ExemplarsAsync(PrometheusServer prometheus)
    {
        // The scrape after the export that had them, a second later at most.
        var found = new List<PrometheusServer.FoundExemplar>();
        await Until.SoAsync("Prometheus has exemplars", async () =>
        {
            found = [.. await prometheus.ExemplarsAsync("observe_runqueue_wait_seconds_bucket"), .. await prometheus.ExemplarsAsync("observe_throttle_seconds_bucket")];
            return found.Any(each => Is(each, "observe_runqueue_wait_seconds_bucket", NeighbourAct.VictimName)) && found.Any(each => Is(each, "observe_throttle_seconds_bucket", QuotaAct.Name));
        });
        return found;

        static bool Is(PrometheusServer.FoundExemplar each, string name, string workload) => each.Series["__name__"] == name && each.Series["workload"] == workload;
    }
}
