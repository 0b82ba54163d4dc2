using System.Globalization;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>Asks a server for all that is ever asked of one, and notes the shape of each answer: types, names, faults, no values.</summary>
internal sealed class Conformance(IVim vim, ConformanceScript script, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static readonly PropertySet[] Sets =
    [
        new("VirtualMachine", ["name", "parent", "runtime.host", "runtime.powerState", "runtime.connectionState", "config.uuid", "config.instanceUuid", "config.template", "config.hardware.numCPU", "config.hardware.memoryMB", "resourcePool", "overallStatus", "snapshot", "summary.quickStats.guestMemoryUsage", "summary.storage.committed", "summary.storage.uncommitted"]),
        new("HostSystem", ["name", "parent", "runtime.connectionState", "runtime.powerState", "runtime.inMaintenanceMode", "hardware.systemInfo.uuid", "summary.hardware.memorySize", "summary.hardware.cpuMhz", "summary.hardware.numCpuCores", "summary.hardware.numCpuThreads", "summary.quickStats.overallCpuUsage", "overallStatus"]),
        new("ClusterComputeResource", ["name", "parent", "resourcePool", "host", "summary.totalCpu", "summary.totalMemory", "summary.effectiveCpu", "summary.effectiveMemory", "overallStatus"]),
        new("ResourcePool", ["name", "parent", "owner", "config.cpuAllocation.reservation", "config.cpuAllocation.limit", "config.cpuAllocation.shares.shares", "config.memoryAllocation.shares.level"]),
        new("Datastore", ["name", "parent", "summary.capacity", "summary.freeSpace", "summary.accessible", "summary.type"]),
        new("Datacenter", ["name", "parent", "vmFolder", "hostFolder", "datastoreFolder", "networkFolder"]),
        new("Folder", ["name"]),
    ];

    private readonly SortedDictionary<string, string> shapes = new(StringComparer.Ordinal);
    private ServiceContent content = null!;

    /// <summary>All of it.</summary>
    /// <returns>What was asked, and the shape of the answer.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> RunAsync(Uri url, ConformanceScript script, CancellationToken cancellationToken)
    {
        using var vim = new SoapVim(new VCenterEndpoint(url) { Insecure = true }, TimeProvider.System);
        var one = new Conformance(vim, script, cancellationToken);
        await one.LoginAsync();
        await one.FollowAsync();
        await one.HistoryAsync();
        await one.PerformanceAsync();
        await one.LogoutAsync();
        return one.shapes;
    }

    private async Task LoginAsync()
    {
        content = await vim.RetrieveServiceContentAsync(cancellationToken);
        Note("content", $"{content.About.ApiType} {content.RootFolder.Type} {content.PropertyCollector.Type} {content.ViewManager?.Type} {content.SessionManager.Type} {content.PerfManager?.Type} {content.EventManager?.Type} {content.TaskManager?.Type} {content.Setting?.Type} {content.About.InstanceUuid.Length > 0}");
        await NoteAsync("time, no session", () => vim.CurrentTimeAsync(cancellationToken));
        await NoteAsync("wrong password", () => vim.LoginAsync(content.SessionManager, script.User, "wrong", cancellationToken));
        await NoteAsync("right password", () => vim.LoginAsync(content.SessionManager, script.User, script.Password, cancellationToken));
        Note("time", ((await vim.CurrentTimeAsync(cancellationToken)) - DateTimeOffset.UtcNow).Duration() < TimeSpan.FromMinutes(1) ? "now" : "not now");
        Note("an option that is not set", await vim.QueryOptionAsync(content.Setting!.Value, "config.vpxd.stats.notThere", cancellationToken) ?? "null");
    }

    private async Task FollowAsync()
    {
        var collector = await vim.CreatePropertyCollectorAsync(content.PropertyCollector, cancellationToken);
        var view = await vim.CreateContainerViewAsync(content.ViewManager!.Value, content.RootFolder, [.. Sets.Select(each => each.Type)], cancellationToken);
        var filter = await vim.CreateViewFilterAsync(collector, view, Sets, cancellationToken);
        Note("followed by", $"{collector.Type} {view.Type} {filter.Type}");
        var first = await AllAsync(collector);
        foreach (var type in Sets.Select(each => each.Type))
        {
            foreach (var update in first.Where(each => each.Object.Type == type))
            {
                Note($"{type}, kind", update.Kind);
                // What is unset is told so by vcsim, and left out by real ones.
                foreach (var change in update.Changes.Where(each => each.Value is not null))
                    Note($"{type}.{change.Path}", $"{change.Operation} {Shape(change.Value)}");
            }
        }
        await ChangesAsync(collector, first);
        await vim.DestroyViewAsync(view, cancellationToken);
        await vim.DestroyPropertyCollectorAsync(collector, cancellationToken);
        await NoteAsync("a collector that is destroyed", () => vim.DestroyPropertyCollectorAsync(collector, cancellationToken));
    }

    private async Task ChangesAsync(ManagedObject collector, IReadOnlyList<ObjectUpdate> first)
    {
        var vm = new ManagedObject("VirtualMachine", script.Vm);
        var host = first.Single(each => each.Object == vm).Changes.Single(each => each.Path == "runtime.host").Value!.AsManagedObject!.Value;
        Note("where it is", script.Host == host.Id ? "there" : host.Id);
        var version = last;
        Note("no changes", (await vim.WaitForUpdatesAsync(collector, version, TimeSpan.Zero, 100, cancellationToken)) is null ? "null" : "some");
        await script.PowerOffAsync();
        await FollowChangeAsync("turned off", collector, vm, "runtime.powerState");
        await script.MoveAsync();
        await FollowChangeAsync("moved", collector, vm, "runtime.host");
        await script.DestroyAsync();
        await FollowChangeAsync("destroyed", collector, vm, null);
    }

    private string last = "";

    private async Task<IReadOnlyList<ObjectUpdate>> AllAsync(ManagedObject collector)
    {
        var all = new List<ObjectUpdate>();
        for (last = ""; ;)
        {
            var set = (await vim.WaitForUpdatesAsync(collector, last, Soon, 1000, cancellationToken))!;
            all.AddRange(set.Updates);
            last = set.Version;
            if (!set.IsTruncated)
                return all;
        }
    }

    // Until the change that is meant: servers may tell of others before it, and with it.
    private async Task FollowChangeAsync(string what, ManagedObject collector, ManagedObject of, string? path)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (await vim.WaitForUpdatesAsync(collector, last, Soon, 1000, cancellationToken) is not { } set)
                continue;
            last = set.Version;
            foreach (var update in set.Updates.Where(each => each.Object == of))
            {
                var change = update.Changes.FirstOrDefault(each => each.Path == path);
                if (path is null ? update.Kind != "leave" : change is null)
                    continue;
                Note(what, $"{update.Kind} {change?.Operation} {Shape(change?.Value)} {(path == "runtime.powerState" ? change!.Value!.Text : "")}{update.Missing.Count}");
                return;
            }
        }
        Note(what, "never told");
    }

    private async Task HistoryAsync()
    {
        var since = await vim.CurrentTimeAsync(cancellationToken);
        await script.PostAsync();
        var collector = await vim.CreateCollectorForEventsAsync(content.EventManager!.Value, since - TimeSpan.FromMinutes(1), cancellationToken);
        await vim.SetCollectorPageSizeAsync(collector, 100, cancellationToken);
        await vim.RewindCollectorAsync(collector, cancellationToken);
        var events = await vim.ReadNextEventsAsync(collector, 100, cancellationToken);
        var moved = events.Single(each => each.Type == "DrsVmMigratedEvent");
        Note("an event", $"{Shape(moved.Value["key"])} {Shape(moved.Value["chainId"])} {Shape(moved.Value["createdTime"])} {Shape(moved.Value["vm"]?["vm"])} {Shape(moved.Value["vm"]?["name"])} {Shape(moved.Value["sourceHost"]?["host"])} {moved.Key == moved.ChainId}");
        Note("an event's time", (moved.CreatedTime - since).Duration() < TimeSpan.FromMinutes(1) ? "now" : "not now");
        var extended = events.Single(each => each.Type == "EventEx");
        Note("an extended event", $"{extended.Value["eventTypeId"]?.Text} {Shape(extended.Value["eventTypeId"])}");
        var page = await vim.RetrievePropertiesAsync(content.PropertyCollector, collector, ["latestPage"], cancellationToken);
        Note("the latest page", $"{page["latestPage"].Type} {page["latestPage"].Elements.First(each => each["key"]?.AsInt64 == moved.Key).Type}");
        await vim.DestroyCollectorAsync(collector, cancellationToken);
    }

    private async Task PerformanceAsync()
    {
        var counters = await vim.RetrievePerfCountersAsync(content.PropertyCollector, content.PerfManager!.Value, cancellationToken);
        foreach (var name in (string[])["cpu.ready.summation", "cpu.costop.summation", "cpu.latency.average", "cpu.usagemhz.average", "mem.vmmemctl.average", "mem.swapinRate.average", "net.bytesRx.average"])
        {
            var counter = counters.Single(each => each.Name == name);
            Note($"counter {name}", $"{counter.Unit} {counter.Kind}");
        }
        var ready = counters.Single(each => each.Name == "cpu.ready.summation").Id;
        var vm = new ManagedObject("VirtualMachine", script.OtherVm);
        var samples = await vim.QueryPerfAsync(content.PerfManager!.Value, [new PerfQuery(vm, null, 3, 20, [(ready, "")])], cancellationToken);
        var of = samples.ShouldHaveSingleItem();
        var apart = of.Times.Order().Zip(of.Times.Order().Skip(1), (one, next) => (next - one).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        Note("samples", $"{of.Entity == vm} {of.Times.Count} {string.Join(' ', apart)} {of.Series.Count} {of.Series[0].Counter == ready} '{of.Series[0].Instance}' {of.Series[0].Values.Count}");
    }

    private async Task LogoutAsync()
    {
        await vim.LogoutAsync(content.SessionManager, cancellationToken);
        await NoteAsync("time, logged out", () => vim.CurrentTimeAsync(cancellationToken));
    }

    private async Task NoteAsync(string what, Func<Task> ask)
    {
        try
        {
            await ask();
            Note(what, "answered");
        }
        catch (VimFaultException refused)
        {
            Note(what, refused.Fault);
        }
    }

    private void Note(string what, string shape)
    {
        if (shapes.TryGetValue(what, out var before) && before != shape)
            shapes[what] = string.Join(" | ", before.Split(" | ").Append(shape).Distinct().Order(StringComparer.Ordinal));
        else
            shapes[what] = shape;
    }

    private static string Shape(VimValue? value) => value is null ? "null" : $"{value.Type ?? "-"}{(value.AsInt64 is null ? "" : " number")}{(value.Members.Count > 0 ? " members" : "")}";
}
