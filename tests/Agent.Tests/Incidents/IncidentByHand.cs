using System.Globalization;
using Observe.Agent.Tests.EndToEnd;
using Observe.Agent.Tests.Incidents.Payload;
using Observe.Agent.Tests.Otlp;

namespace Observe.Agent.Tests.Incidents;

/// <summary>The same incident for people to look at, in whatever takes OTLP: see tests/incident/run. No test: it asserts nothing.</summary>
/// <param name="notes">Where it says what it does.</param>
public sealed class IncidentByHand(ITestOutputHelper notes)
{
    private static readonly Uri DefaultListen = new("http://127.0.0.1:9464");

    /// <summary>After the last round, for the last spans to be told of.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    [Fact(Explicit = true)]
    public async Task Play()
    {
        Assert.SkipWhen(IncidentStage.Missing is not null, IncidentStage.Missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        var endpoint = Environment.GetEnvironmentVariable("INCIDENT_OTLP") is { Length: > 0 } named ? new Uri(named) : null;
        var rounds = Number("INCIDENT_ROUNDS", 1);
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stage = await IncidentStage.SetAsync();
        await using var agent = await BuiltAgent.RunAsync(
            null, stage.Host, [.. stage.AgentArguments(endpoint ?? receiver.Url()), "--listen", Environment.GetEnvironmentVariable("INCIDENT_LISTEN") is { Length: > 0 } at ? at : DefaultListen.Authority]);
        notes.WriteLine($"the agent is at {agent.Address} and pushes to {endpoint?.ToString() ?? "this script"}; vCenter {stage.VCenter.Url}, engine {stage.Docker.Endpoint}");
        await agent.LineAsync("connected to docker");
        for (var round = 1; round <= rounds; round++)
        {
            var script = new IncidentScript(stage);
            var truth = await script.PlayAsync();
            notes.WriteLine($"round {round} of {rounds} was played at {DateTimeOffset.UtcNow:HH:mm:ss} UTC: {Told(truth)}");
            await Task.Delay(Rest, stop);
            await script.ClearAsync();
        }
        await Task.Delay(TimeSpan.FromSeconds(Number("INCIDENT_CALM", 0)), stop);
        await agent.StopAsync();
        if (endpoint is null)
        {
            var payload = ExportedPayload.Of(receiver);
            notes.WriteLine(TraceText.Of(payload.Spans));
            notes.WriteLine(string.Join('\n', payload.Exemplars.GroupBy(each => (each.Metric, each.Workload)).Select(each => $"{each.Count()} exemplars on {each.Key.Metric} of {each.Key.Workload}")));
            notes.WriteLine(string.Join('\n', payload.Series.Where(each => each.Metric == "observe.lost" && each.Points[^1].AsDouble > 0).Select(each => $"lost {each.Attributes["reason"]}: {each.Points[^1].AsDouble}")));
        }
        foreach (var line in agent.Log.Where(line => line.Contains("level=warning", StringComparison.Ordinal) || line.Contains("level=error", StringComparison.Ordinal)))
            notes.WriteLine(line);
    }

    private static string Told(IncidentTruth truth) => string.Create(
        CultureInfo.InvariantCulture,
        $"throttled for {truth.Quota.ThrottledNanoseconds / 1e9:0.0} s; kept waiting by its neighbour for {truth.Neighbour.InjectedNanoseconds / 1e9:0.0} s; moved as chain {truth.Migration.Chain}; {truth.Want.Kills.Count} kills for want of memory");

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
