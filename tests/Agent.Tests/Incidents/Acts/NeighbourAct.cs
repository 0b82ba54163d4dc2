using System.Text.Json.Nodes;

namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>Two containers on one CPU, both of which want all of it; one has sixteen times the weight of the other, whose turns come every 50 ms.</summary>
/// <param name="stage">Where.</param>
internal sealed class NeighbourAct(IncidentStage stage) : IDisposable
{
    /// <summary>Who waits.</summary>
    public const string VictimName = "victim";

    /// <summary>For whom.</summary>
    public const string NoisyName = "noisy";

    private const int Cpu = 0;
    private const int Shares = 1024;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly List<(long At, long Used)> usage = [];
    private readonly CancellationTokenSource over = new();
    private Task sampling = Task.CompletedTask;
    private Stamp began;
    private Stamp entered;
    private string victim = "";
    private string noisy = "";

    public async Task BeginAsync() => (began, victim) = await Stamp.OfAsync(() => Spinner.StartAsync(stage.Docker, VictimName, Cpu, new JsonObject { ["CpuShares"] = Shares }));

    public async Task EnterAsync()
    {
        (entered, noisy) = await Stamp.OfAsync(() => Spinner.StartAsync(stage.Docker, NoisyName, Cpu, new JsonObject { ["CpuShares"] = 16 * Shares }));
        sampling = Task.Run(SampleAsync);
    }

    public async Task<NeighbourTruth> LeaveAsync()
    {
        await over.CancelAsync();
        await sampling;
        var left = await Stamp.OfAsync(() => stage.Docker.RemoveAsync(noisy));
        await Spinner.RestAsync(stage.Docker, victim);
        return new NeighbourTruth(victim, noisy, began, entered, left, usage);
    }

    public void Dispose()
    {
        over.Cancel();
        over.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!over.IsCancellationRequested)
        {
            var (when, stats) = await Stamp.OfAsync(() => stage.Docker.StatsAsync(noisy));
            usage.Add((when.Before + ((when.After - when.Before) / 2), (long)stats["cpu_stats"]!["cpu_usage"]!["total_usage"]!));
            await Task.Delay(Pace, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
