using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>A fake vCenter and an inventory that follows it in process, with pauses of next to nothing.</summary>
internal sealed class Followed : IAsyncDisposable
{
    public static readonly FollowTimings Fast = new()
    {
        MaxWait = TimeSpan.FromSeconds(1),
        Pace = TimeSpan.Zero,
        FirstPause = TimeSpan.FromMilliseconds(1),
        LongestPause = TimeSpan.FromMilliseconds(4),
    };

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly PlainSession session;
    private readonly CancellationTokenSource stopping = new();
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private readonly Task running;
    private ManagedObject? markers;
    private int marks;

    public Followed(FakeVCenter vcenter, InventoryOptions? options = null, string name = "vc1", TimeProvider? time = null, ILogger? logger = null)
    {
        VCenter = vcenter;
        session = new PlainSession(vcenter);
        Inventory = new VCenterInventory(
            name, session, options ?? new InventoryOptions { Structure = Fast, Usage = Fast }, new Resource([], []), Losses, time ?? TimeProvider.System, logger ?? NullLogger.Instance, new Random(vcenter.Seed));
        running = Inventory.RunAsync(stopping.Token);
    }

    public FakeVCenter VCenter { get; }

    public LossCounters Losses { get; } = new();

    public VCenterInventory Inventory { get; }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Longest, what);
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until all changes so far are known: a thing that was made after them is, of both that are followed.</summary>
    public async Task SyncedAsync()
    {
        markers ??= VCenter.Inventory.AddDatacenter("markers");
        var mark = VCenter.Inventory.AddDatastore($"marker-{++marks}", markers.Value);
        await UntilAsync(
            () => Inventory.IsComplete && Inventory.Find(mark) is { } known && Values().ContainsKey($"vcenter_datastore_disk_utilization_percent{{{string.Join(',', known.Resource.Labels.Select(label => label.Value))}}}"),
            $"changes before marker {marks} are not known");
    }

    /// <summary>What is exported, by name and values of all labels. No two have the same labels.</summary>
    public Dictionary<string, double> Values()
    {
        Inventory.Export(builder);
        using var lease = builder.Build(1);
        var values = new Dictionary<string, double>();
        foreach (var family in lease.Snapshot.Families)
        {
            var labels = new HashSet<string>();
            foreach (var point in family.Points)
            {
                Label[] all = [.. point.Series.Resource.Labels, .. point.Series.Labels];
                labels.Add(string.Join(',', all)).ShouldBeTrue($"{family.Metric}: {string.Join(',', all)} comes twice");
                values[$"{family.Metric.PrometheusName}{{{string.Join(',', all.Select(label => label.Value))}}}"] = point.Value;
            }
        }
        return values;
    }

    /// <summary>Collects and throws away.</summary>
    public int Collect()
    {
        Inventory.Export(builder);
        using var lease = builder.Build(1);
        return lease.Snapshot.PointCount;
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running.WaitAsync(Longest);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
        session.Dispose();
    }
}
