using System.Text.Json.Nodes;

namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>
/// Two containers on one CPU, both of which want all of it; one has sixteen times the weight of the other, whose turns come every 50 ms. The heavy one pauses
/// after its first seconds, and rests at the end: what it has used by then stands still, and can be read to the nanosecond, by the agent too.
/// </summary>
/// <param name="stage">Where.</param>
internal sealed class NeighbourAct(IncidentStage stage)
{
    /// <summary>Who waits.</summary>
    public const string VictimName = "victim";

    /// <summary>For whom.</summary>
    public const string NoisyName = "noisy";

    private const int Cpu = 0;
    private const int Shares = 1024;

    /// <summary>For the agent, which exports once a second, to give it a name as a culprit.</summary>
    private static readonly TimeSpan Naming = TimeSpan.FromSeconds(2);

    /// <summary>For the agent to export what stands still.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private Stamp began;
    private Stamp entered;
    private Stamp paused;
    private Stamp resumed;
    private long usedBefore;
    private string victim = "";
    private string noisy = "";

    public async Task BeginAsync() => (began, victim) = await Stamp.OfAsync(() => Spinner.StartAsync(stage.Docker, VictimName, Cpu, new JsonObject { ["CpuShares"] = Shares }));

    public async Task EnterAsync()
    {
        (entered, noisy) = await Stamp.OfAsync(() => Spinner.StartAsync(stage.Docker, NoisyName, Cpu, new JsonObject { ["CpuShares"] = 16 * Shares }));
        await Task.Delay(Naming);
        (paused, _) = await Stamp.OfAsync(() => TellAsync("pause"));
        await Task.Delay(Pause);
        usedBefore = await UsedAsync();
        (resumed, _) = await Stamp.OfAsync(() => TellAsync("unpause"));
    }

    public async Task<NeighbourTruth> LeaveAsync()
    {
        await Spinner.RestAsync(stage.Docker, noisy);
        // It rests when it comes to that.
        long used;
        do
        {
            used = await UsedAsync();
            await Task.Delay(Pace);
        }
        while (used != await UsedAsync());
        var left = await Stamp.OfAsync(() => stage.Docker.RemoveAsync(noisy));
        await Spinner.RestAsync(stage.Docker, victim);
        return new NeighbourTruth(victim, noisy, began, entered, paused, resumed, left, used - usedBefore);
    }

    private Task<JsonNode?> TellAsync(string what) => stage.Docker.SendAsync(HttpMethod.Post, $"containers/{noisy}/{what}");

    /// <summary>CPU time, ns.</summary>
    private async Task<long> UsedAsync() => (long)(await stage.Docker.StatsAsync(noisy))["cpu_stats"]!["cpu_usage"]!["total_usage"]!;
}
