using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Docker;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Docker;

/// <summary>A collector that follows a fake engine, quickly.</summary>
public abstract class DockerCollectorBed : IAsyncLifetime
{
    private protected const string A = "aaaaaaaaaaaa6789abcdef0123456789abcdef0123456789abcdef0123456789";
    private protected const string B = "bbbbbbbbbbbb6789abcdef0123456789abcdef0123456789abcdef0123456789";
    private protected static readonly Resource Host = new([], []);

    private protected readonly WorkloadRegistry registry = new();
    private protected readonly LossCounters losses = new();
    private protected readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private protected FakeEngine engine = null!;
    private protected DockerCollector? collector;
    private EventTimeline? timeline;

    private protected static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public async ValueTask InitializeAsync() => engine = await FakeEngine.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (collector is not null)
            await collector.DisposeAsync();
        timeline?.Dispose();
        await engine.DisposeAsync();
        GC.SuppressFinalize(this);
        engine.Wrong.ShouldBeEmpty();
    }

    private protected static DockerEndpoint At(string text) => DockerEndpoint.TryParse(text, out var endpoint) ? endpoint! : throw new ArgumentException(text, nameof(text));

    private protected void Start(DockerOptions? options = null, UnifiedClock? clock = null, params IEventSink[] sinks)
    {
        options ??= new DockerOptions();
        if (options.Endpoint == DockerEndpoint.Default)
            options = options with { Endpoint = At($"unix://{engine.SocketPath}") };
        collector = new DockerCollector(
            options with { Interval = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMilliseconds(500) }, registry,
            timeline = new EventTimeline(sinks, Host, losses, TimeProvider.System, NullLogger<EventTimeline>.Instance), null, clock ?? new UnifiedClock(), Host, losses, TimeProvider.System,
            NullLogger<DockerCollector>.Instance);
    }

    private protected async Task<Point[]> CollectAsync()
    {
        await collector!.CollectAsync(builder, TestContext.Current.CancellationToken);
        using var lease = builder.Build(1);
        return [.. lease.Snapshot.Families.SelectMany(family => family.Points.ToArray())];
    }

    private protected async Task<Point[]> UntilAsync(Func<Point[], bool> condition, double seconds = 10)
    {
        for (var attempt = 0; ; attempt++)
        {
            var points = await CollectAsync();
            if (condition(points))
                return points;
            (attempt * 0.02).ShouldBeLessThan(seconds, collector!.Status.Single().ToString());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private protected static double Value(Point[] points, MetricDescriptor metric) => points.Single(point => point.Series.Metric == metric).Value;

    private protected static double Count(Point[] points, string action) => points.SingleOrDefault(point => point.Series.Metric == MetricCatalog.DockerEvents && point.Series.Labels[0].Value == action).Value;
}
