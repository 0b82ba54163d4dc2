using System.Text.Json.Nodes;
using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>A container that takes more memory than it may have, is killed for it, and is started again, twice.</summary>
/// <param name="stage">Where.</param>
internal sealed class WantAct(IncidentStage stage)
{
    /// <summary>The container's name.</summary>
    public const string Name = "hungry";

    /// <summary>How often it is started again.</summary>
    public const int Restarts = 2;

    private const int Bytes = 8 << 20;

    /// <summary>
    /// The engine begins to listen for kills a moment after the start, so it lives for that long; and it outlives the kill, because the engine hears of the one and
    /// of the other by two ways, and of one that is gone it may not hear at all.
    /// </summary>
    private const string Command = "sleep 1; tail /dev/zero; code=$?; sleep 0.5; exit $code";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<WantTruth> PlayAsync()
    {
        var docker = stage.Docker;
        var (began, container) = await Stamp.OfAsync(() => docker.RunAsync(Name, Command, new JsonObject
        {
            ["Memory"] = Bytes,
            ["MemorySwap"] = Bytes,
            ["RestartPolicy"] = new JsonObject { ["Name"] = "on-failure", ["MaximumRetryCount"] = Restarts },
        }));
        JsonNode state = null!;
        await Until.SoAsync("the engine gives it up", async () => (string?)(state = await docker.InspectAsync(container))["State"]!["Status"] == "exited", Patience);
        var kills = KillsOf(await docker.EventsAsync(began.Before, Stamp.Now), container);
        var removed = await Stamp.OfAsync(() => docker.RemoveAsync(container));
        return new WantTruth(container, began, removed, (int)state["RestartCount"]!, (int)state["State"]!["ExitCode"]!, kills);
    }

    /// <summary>A life's are those that were told before the next one began.</summary>
    private static List<int> KillsOf(IReadOnlyList<JsonNode> events, string container)
    {
        var kills = new List<int>();
        foreach (var action in events.Where(each => (string?)each["Actor"]!["ID"] == container).OrderBy(each => (long)each["timeNano"]!).Select(each => (string?)each["Action"]))
        {
            if (action == "start")
                kills.Add(0);
            else if (action == "oom" && kills.Count > 0)
                kills[^1]++;
        }
        return kills;
    }
}
