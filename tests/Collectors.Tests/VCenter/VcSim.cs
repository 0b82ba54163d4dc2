using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>
/// A vcsim of one's own on loopback, as <c>make test</c> builds it, and told what to do. It ends with this process, whatever
/// becomes of it. What it cannot do stands in its source; for all else there is the strict fake.
/// </summary>
internal sealed class VcSim : IAsyncDisposable
{
    /// <summary>Who may log in.</summary>
    public const string User = "reader";

    /// <summary>With this.</summary>
    public const string Password = "correct horse";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly SemaphoreSlim turn = new(1);
    private bool isHanging;

    private readonly string directory;

    private VcSim(Process process, Uri url, string directory) => (this.process, Url, this.directory) = (process, url, directory);

    /// <summary>Where its API is.</summary>
    public Uri Url { get; }

    /// <summary>Starts one; the test is skipped where there is none.</summary>
    /// <param name="arguments"><c>-datacenters N -clusters N -hosts N -single N -vms N -pools N -tls -cert FILE -key FILE -port N</c>.</param>
    public static async Task<VcSim> StartAsync(params string[] arguments)
    {
        var binary = Environment.GetEnvironmentVariable("OBSERVE_VCSIM") ?? Path.Combine(Root(), "artifacts/vcsim/vcsim");
        Assert.SkipUnless(File.Exists(binary), $"there is no {binary}: make test builds it, where golang-go and golang-github-vmware-govmomi-dev can be had");
        var start = new ProcessStartInfo(binary, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Its datastores: one that is killed leaves them behind.
        var directory = start.Environment["TMPDIR"] = Directory.CreateTempSubdirectory("observe-vcsim-").FullName;
        var process = Process.Start(start)!;
        try
        {
            var url = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("vcsim ended before it said where it is");
            return new VcSim(process, new Uri(url), directory);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>Ids of all entities of a type, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(string type) =>
        (await DoAsync(new JsonObject { ["do"] = "list", ["type"] = type }))["entities"]!.AsObject().ToDictionary(each => (string)each.Value!, each => each.Key);

    /// <summary>Moves a virtual machine to another host.</summary>
    public Task RelocateAsync(string vm, string host, string? pool = null) => DoAsync(new JsonObject { ["do"] = "relocate", ["vm"] = vm, ["host"] = host, ["pool"] = pool });

    public Task PowerAsync(string vm, bool isOn) => DoAsync(new JsonObject { ["do"] = "power", ["vm"] = vm, ["on"] = isOn });

    /// <summary>Renames it, or gives it other hardware.</summary>
    public Task ReconfigureAsync(string vm, string? name = null, int cpus = 0, long memoryMegabytes = 0) =>
        DoAsync(new JsonObject { ["do"] = "reconfigure", ["vm"] = vm, ["name"] = name, ["cpus"] = cpus, ["memory"] = memoryMegabytes });

    /// <summary>Clones one, on a host that the simulator chooses.</summary>
    /// <returns>The clone's id.</returns>
    public async Task<string> CloneAsync(string vm, string name, bool isOn = false) =>
        (string)(await DoAsync(new JsonObject { ["do"] = "clone", ["vm"] = vm, ["name"] = name, ["on"] = isOn }))["id"]!;

    /// <summary>Makes one beside another: in its folder and pool, on its host and datastore.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(string beside, string name, int cpus = 1, long memoryMegabytes = 32) =>
        (string)(await DoAsync(new JsonObject { ["do"] = "create", ["vm"] = beside, ["name"] = name, ["cpus"] = cpus, ["memory"] = memoryMegabytes }))["id"]!;

    /// <summary>Destroys one; it is turned off first.</summary>
    public Task DestroyAsync(string vm) => DoAsync(new JsonObject { ["do"] = "destroy", ["vm"] = vm });

    /// <summary>Posts events, all alike. Not <c>VmMigratedEvent</c> and <c>VmBeingMigratedEvent</c>: this version breaks over them.</summary>
    /// <param name="type">Type: <c>DrsVmMigratedEvent</c>, <c>EventEx</c>.</param>
    /// <param name="members">Its members: <c>vm</c>, <c>eventTypeId</c>; a reference is an object of <c>type</c> and <c>value</c>.</param>
    /// <param name="count">How many.</param>
    public Task PostAsync(string type, JsonObject? members = null, int count = 1) =>
        DoAsync(new JsonObject { ["do"] = "post", ["type"] = type, ["event"] = members, ["count"] = count });

    /// <summary>The instance UUID that it has as a vCenter.</summary>
    public async Task<string> InstanceUuidAsync() => (string)(await DoAsync(new JsonObject { ["do"] = "about" }))["uuid"]!;

    /// <summary>Gives a virtual machine the UUID that its guest sees in SMBIOS.</summary>
    public Task IdentifyAsync(string vm, string uuid) => DoAsync(new JsonObject { ["do"] = "reconfigure", ["vm"] = vm, ["uuid"] = uuid });

    /// <summary>Queues a task on a virtual machine, and posts the event of that, with which a chain begins.</summary>
    /// <param name="vm">The virtual machine.</param>
    /// <param name="descriptor">What it is to do: <c>Drm.ExecuteVMotionLRO</c>.</param>
    /// <returns>The task, and its chain.</returns>
    public async Task<(string Task, int Chain)> QueueTaskAsync(string vm, string descriptor)
    {
        var answer = await DoAsync(new JsonObject { ["do"] = "task", ["vm"] = vm, ["name"] = descriptor });
        return ((string)answer["task"]!, (int)answer["key"]!);
    }

    /// <summary>Such a task is begun, or done.</summary>
    public Task BringOnTaskAsync(string task, bool isDone) => DoAsync(new JsonObject { ["do"] = "task", ["task"] = task, ["on"] = !isDone });

    /// <summary>Posts an event of a chain, as <see cref="PostAsync"/> posts those that are of none.</summary>
    /// <param name="chain">Which.</param>
    /// <param name="type">Type.</param>
    /// <param name="members">Its members.</param>
    public Task PostInChainAsync(int chain, string type, JsonObject members) =>
        DoAsync(new JsonObject { ["do"] = "chain", ["chain"] = chain, ["type"] = type, ["event"] = members });

    /// <summary>An event's argument: an object with its name.</summary>
    /// <param name="kind"><c>vm</c> or <c>host</c>.</param>
    /// <param name="id">The object's id.</param>
    /// <param name="name">Its name.</param>
    public static JsonObject Argument(string kind, string id, string name) =>
        new() { ["name"] = name, [kind] = new JsonObject { ["type"] = kind == "vm" ? "VirtualMachine" : "HostSystem", ["value"] = id } };

    /// <summary>Ends all sessions but the simulator's own.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> TerminateSessionsAsync() => (int)(await DoAsync(new JsonObject { ["do"] = "terminate" }))["count"]!;

    /// <summary>How long methods take from now on.</summary>
    /// <param name="all">Every method.</param>
    /// <param name="jitter">Standard deviation over mean.</param>
    /// <param name="single">Single methods.</param>
    public Task DelayAsync(TimeSpan all, double jitter = 0, params (string Method, TimeSpan Delay)[] single)
    {
        var delays = new JsonObject();
        foreach (var (method, delay) in single)
            delays[method] = (int)delay.TotalMilliseconds;
        return DoAsync(new JsonObject { ["do"] = "delay", ["delay"] = (int)all.TotalMilliseconds, ["jitter"] = jitter, ["delays"] = delays });
    }

    /// <summary>Ends it at once, and with it all that it knew.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    /// <summary>It hangs from now on: its kernel takes connections and requests, and nothing is answered any more.</summary>
    public void Hang()
    {
        isHanging = true;
        using var kill = Process.Start("kill", ["-STOP", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (isHanging)
            process.Kill();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process.Dispose();
        turn.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private async Task<JsonObject> DoAsync(JsonObject command)
    {
        await turn.WaitAsync();
        try
        {
            foreach (var unset in command.Where(each => each.Value is null).Select(each => each.Key).ToList())
                command.Remove(unset);
            await process.StandardInput.WriteLineAsync(command.ToJsonString());
            await process.StandardInput.FlushAsync();
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("vcsim has ended");
            var answer = JsonNode.Parse(line)!.AsObject();
            return answer["error"] is { } error ? throw new InvalidOperationException($"vcsim: {error}: {command.ToJsonString()}") : answer;
        }
        finally
        {
            turn.Release();
        }
    }

    private static string Root()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Observe.sln")))
                return at;
        }
        return AppContext.BaseDirectory;
    }
}
