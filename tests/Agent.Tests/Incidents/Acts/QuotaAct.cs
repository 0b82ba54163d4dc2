using System.Text.Json.Nodes;

namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>A container that wants a CPU and may have a fifth of one: of each 100 ms it is kept off for some 80.</summary>
/// <param name="stage">Where.</param>
internal sealed class QuotaAct(IncidentStage stage)
{
    /// <summary>The container's name.</summary>
    public const string Name = "throttled";

    private Stamp began;
    private string container = "";

    public async Task BeginAsync() =>
        (began, container) = await Stamp.OfAsync(() => Spinner.StartAsync(stage.Docker, Name, Environment.ProcessorCount - 1, new JsonObject { ["NanoCpus"] = 200_000_000 }));

    public async Task<QuotaTruth> EndAsync()
    {
        var ended = await Stamp.OfAsync(() => Spinner.RestAsync(stage.Docker, container));
        var throttled = (long)(await stage.Docker.StatsAsync(container))["cpu_stats"]!["throttling_data"]!["throttled_time"]!;
        return new QuotaTruth(container, began, ended, throttled);
    }
}
