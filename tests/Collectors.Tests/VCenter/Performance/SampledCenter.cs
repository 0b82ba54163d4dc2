using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Performance;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>A fake vCenter, what collects its samples, and everything that is delivered of them.</summary>
internal sealed class SampledCenter
{
    private static readonly Resource Self = new([], []);

    public SampledCenter(int machines, int hosts = 1, PerformanceOptions? options = null, Action<FakeVCenter>? prepare = null, Func<FakeVCenter, IVim>? connect = null, bool isPushed = true)
    {
        // Not at a whole interval, and with a clock that is ahead: stamps are the server's.
        Time.Advance(TimeSpan.FromSeconds(7));
        VCenter = new FakeVCenter(Time, seed: 3);
        VCenter.Clock.Skew(TimeSpan.FromSeconds(2.5));
        var cluster = VCenter.Inventory.AddCluster("cluster", VCenter.Inventory.AddDatacenter("dc"));
        Hosts = [.. Enumerable.Range(0, hosts).Select(i => VCenter.Inventory.AddHost($"esx-{i}", cluster))];
        Machines = [.. Enumerable.Range(0, machines).Select(i => VCenter.Inventory.AddVm($"vm-{i}", Hosts[i % hosts]))];
        prepare?.Invoke(VCenter);
        Inventory = new ListedInventory(VCenter);
        Queue = new SampleQueue(long.MaxValue, lost => Dropped += lost);
        if (isPushed)
            Queue.Open();
        Options = options ?? new PerformanceOptions();
        Collector = new PerformanceCollector(
            "fake", Options, new FakeVimSession(connect?.Invoke(VCenter) ?? VCenter.Connect()), Inventory, new ShownClock(VCenter), Queue, Self, Losses, Time, NullLogger.Instance);
    }

    public ManualTime Time { get; } = new();

    public FakeVCenter VCenter { get; }

    public ListedInventory Inventory { get; }

    public PerformanceOptions Options { get; }

    public SampleQueue Queue { get; }

    public PerformanceCollector Collector { get; }

    public LossCounters Losses { get; } = new();

    public IReadOnlyList<ManagedObject> Machines { get; }

    public IReadOnlyList<ManagedObject> Hosts { get; }

    public long Dropped { get; private set; }

    /// <summary>Everything delivered: of which series what when, in the order of delivery.</summary>
    public Dictionary<(string Entity, string Metric, string Labels), List<(long Time, double Value)>> Delivered { get; } = [];

    /// <summary>Points delivered.</summary>
    public long Points { get; private set; }

    /// <summary>Some rounds, each 20 s after the one before.</summary>
    public async Task RunAsync(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            await Collector.RoundAsync(TestContext.Current.CancellationToken);
            Receive();
            Time.Advance(RealTime.Interval);
        }
    }

    /// <summary>Stamps of all samples that there are by now after a moment of the server's clock.</summary>
    public static IEnumerable<DateTimeOffset> StampsAfter(DateTimeOffset after, DateTimeOffset until)
    {
        for (var at = ((after.ToUnixTimeSeconds() / 20) + 1) * 20; at <= until.ToUnixTimeSeconds(); at += 20)
            yield return DateTimeOffset.FromUnixTimeSeconds(at);
    }

    /// <summary>Takes what was pushed.</summary>
    public void Receive()
    {
        while (Queue.Take() is { } chunk)
        {
            foreach (var entry in chunk.Entries)
            {
                var values = chunk.ValuesOf(entry);
                for (var i = 0; i < values.Length; i++)
                {
                    if (!double.IsNaN(values[i]))
                        Receive(entry.Series[i], values[i], entry.TimeUnixNano);
                }
            }
            Queue.Done(chunk);
        }
    }

    /// <summary>What who scrapes would see.</summary>
    public Dictionary<(string Entity, string Metric, string Labels), double> Scrape()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        Collector.Export(builder);
        using var lease = builder.Build(UnixNano.Now(Time));
        var scraped = new Dictionary<(string, string, string), double>();
        foreach (var family in lease.Snapshot.Families)
        {
            foreach (var point in family.Points)
                scraped.Add(KeyOf(point.Series), point.Value);
        }
        return scraped;
    }

    /// <summary>Exactly the samples at these stamps were delivered, of every series, once, in order, with their times and values.</summary>
    public void ShouldHaveDelivered(IReadOnlyList<ManagedObject> entities, IReadOnlyList<SampleTruth> truths, IReadOnlyList<DateTimeOffset> stamps)
    {
        var times = stamps.Select(stamp => ShownClock.Nano(stamp - VCenter.Clock.Offset)).ToArray();
        foreach (var entity in entities)
        {
            foreach (var truth in truths)
            {
                var delivered = Delivered.GetValueOrDefault((entity.Id, truth.Metric, truth.Labels)).ShouldNotBeNull($"{entity} {truth.Metric} {truth.Labels}");
                delivered.Select(each => each.Time).SequenceEqual(times).ShouldBeTrue($"{entity} {truth.Metric} {truth.Labels}: {delivered.Count} samples for {times.Length}");
                foreach (var (value, expected) in delivered.Zip(truth.Values(entity, stamps)))
                    Math.Abs(value.Value - expected).ShouldBeLessThanOrEqualTo(Math.Abs(expected) * 1e-12, $"{entity} {truth.Metric} {truth.Labels}");
            }
            Delivered.Keys.Count(key => key.Entity == entity.Id).ShouldBe(truths.Count, "nothing that is not looked at");
        }
    }

    private static (string Entity, string Metric, string Labels) KeyOf(Series series) =>
        (series.Resource.Labels.Count > 1 ? series.Resource.Labels[1].Value : "", series.Metric.PrometheusName, string.Join(",", series.Labels.Select(label => label.Value)));

    private void Receive(Series series, double value, ulong time)
    {
        if (!Delivered.TryGetValue(KeyOf(series), out var list))
            Delivered.Add(KeyOf(series), list = []);
        list.Add(((long)time, value));
        Points++;
    }
}
