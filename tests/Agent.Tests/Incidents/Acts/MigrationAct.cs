using System.Diagnostics;
using System.Text.Json.Nodes;
using Observe.Collectors.Tests.VCenter;

namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>DRS moves the virtual machine that this host is, as its vCenter tells; what a move does to a workload is done by a signal: it stands still for 0.6 s.</summary>
/// <param name="stage">Where.</param>
internal sealed class MigrationAct(IncidentStage stage)
{
    /// <summary>The container that stands still.</summary>
    public const string Name = "moved";

    /// <summary>From where.</summary>
    public const string Source = "DC0_C0_H0";

    /// <summary>To where.</summary>
    public const string Destination = "DC0_C0_H1";

    /// <summary>For how long it stands still.</summary>
    public static readonly TimeSpan Blackout = TimeSpan.FromMilliseconds(600);

    /// <summary>Between two steps: longer than what the two clocks may be apart.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private string container = "";
    private Stamp began;

    /// <summary>Starts a container that does a little work, again and again.</summary>
    public async Task BeginAsync() => (began, container) = await Stamp.OfAsync(() => stage.Docker.RunAsync(Name, "while :; do sleep 0.02; done"));

    public async Task<MigrationTruth> PlayAsync()
    {
        var vcenter = stage.VCenter;
        var (queued, (task, chain)) = await Stamp.OfAsync(() => vcenter.QueueTaskAsync(stage.MachineId, "Drm.ExecuteVMotionLRO"));
        await Task.Delay(Step);
        var started = await Stamp.OfAsync(() => vcenter.BringOnTaskAsync(task, isDone: false));
        await Task.Delay(Step);
        var moving = await Stamp.OfAsync(() => TellAsync(chain, "VmBeingHotMigratedEvent", "destHost", Source, Destination));
        await Task.Delay(Step);
        var main = (int)(await stage.Docker.InspectAsync(container))["State"]!["Pid"]!;
        var stopped = await Stamp.OfAsync(() => SignalAsync("STOP", [main]));
        // It makes no more children now, but may have one.
        int[] processes = [main, .. Children(main)];
        await SignalAsync("STOP", processes);
        await Task.Delay(Blackout);
        // One that had ended, and that nobody has asked after, is among the children still.
        int[] stood = [.. processes.Where(IsStopped)];
        var continued = await Stamp.OfAsync(() => SignalAsync("CONT", processes));
        await Task.Delay(Step);
        var moved = await Stamp.OfAsync(() => TellAsync(chain, "DrsVmMigratedEvent", "sourceHost", Destination, Source));
        await Task.Delay(Step);
        var done = await Stamp.OfAsync(() => vcenter.BringOnTaskAsync(task, isDone: true));
        return new MigrationTruth(container, stood, began, chain, task, [queued, started, moving, moved, done], stopped, continued, default);
    }

    /// <summary>Removes the container.</summary>
    /// <param name="truth">What was done before.</param>
    public async Task<MigrationTruth> EndAsync(MigrationTruth truth) => truth with { Removed = await Stamp.OfAsync(() => stage.Docker.RemoveAsync(container)) };

    private async Task TellAsync(int chain, string type, string otherAs, string here, string other)
    {
        var hosts = await stage.VCenter.ListAsync("HostSystem");
        await stage.VCenter.PostInChainAsync(chain, type, new JsonObject
        {
            ["vm"] = VcSim.Argument("vm", stage.MachineId, IncidentStage.MachineName),
            ["host"] = VcSim.Argument("host", hosts[here], here),
            [otherAs] = VcSim.Argument("host", hosts[other], other),
            ["computeResource"] = new JsonObject { ["name"] = "DC0_C0" },
            ["datacenter"] = new JsonObject { ["name"] = "DC0" },
        });
    }

    private static int[] Children(int process) =>
        [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static bool IsStopped(int process)
    {
        var file = $"/proc/{process}/status";
        return File.Exists(file) && File.ReadLines(file).Any(line => line.StartsWith("State:\tT", StringComparison.Ordinal));
    }

    private static async Task SignalAsync(string name, int[] processes)
    {
        // One that has ended meanwhile is no failure.
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-" + name, .. processes.Select(each => $"{each}")]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }
}
