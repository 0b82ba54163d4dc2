using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Docker;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Docker;

public sealed class DockerCollectorTests : IAsyncLifetime
{
    private const string A = "aaaaaaaaaaaa6789abcdef0123456789abcdef0123456789abcdef0123456789";
    private const string B = "bbbbbbbbbbbb6789abcdef0123456789abcdef0123456789abcdef0123456789";
    private static readonly Resource Host = new([], []);

    private readonly WorkloadRegistry registry = new();
    private readonly LossCounters losses = new();
    private EventTimeline? timeline;
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private FakeEngine engine = null!;
    private DockerCollector? collector;

    private static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public async ValueTask InitializeAsync() => engine = await FakeEngine.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (collector is not null)
            await collector.DisposeAsync();
        timeline?.Dispose();
        await engine.DisposeAsync();
        engine.Wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Collect_RunningContainer_HasItsNameAndTheSamplesOwnTime()
    {
        engine.Add(A, "web");
        engine.Stats[A] = """
            {"read":"2026-01-01T00:00:05.000000100Z","pids_stats":{"current":3},"cpu_stats":{"cpu_usage":{"total_usage":7,"usage_in_kernelmode":2,"usage_in_usermode":5},"system_cpu_usage":100,"online_cpus":4,
            "throttling_data":{"periods":1,"throttled_periods":1,"throttled_time":9}},"memory_stats":{"usage":1000,"limit":4000,"stats":{"inactive_file":200,"file":300}},
            "networks":{"eth0":{"rx_bytes":1,"rx_packets":2,"rx_errors":3,"rx_dropped":4,"tx_bytes":5,"tx_packets":6,"tx_errors":7,"tx_dropped":8}},
            "blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":0,"op":"read","value":11},{"major":8,"minor":0,"op":"Total","value":11}]}}
            """;
        Start();

        var points = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.PidsCount));

        Value(points, ContainerMetrics.CpuUsageTotal).ShouldBe(7);
        Value(points, ContainerMetrics.MemoryUsageTotal).ShouldBe(800);
        Value(points, ContainerMetrics.MemoryPercent).ShouldBe(20);
        Value(points, ContainerMetrics.NetworkTxDropped).ShouldBe(8);
        Value(points, ContainerMetrics.BlockBytes).ShouldBe(11);
        Value(points, ContainerMetrics.CpuThrottlingThrottledTime).ShouldBe(9);
        var point = points.Single(each => each.Series.Metric == ContainerMetrics.CpuUsageTotal);
        point.TimeUnixNano.ShouldBe(1767225605000000100UL);
        point.Series.StartTimeUnixNano.ShouldBe(1767225601500000000UL);
        point.Series.Resource.ShouldBeSameAs(registry.LabelsOfContainer(A)!.Resource);
        point.Series.Resource.Labels[0].ShouldBe(new Label("workload", "web"));
        points.ShouldNotContain(each => each.Series.Metric == ContainerMetrics.CpuLimit, "not among what is looked at most");
        point.Series.Resource.Attributes.ShouldNotContain(each => each.Key.StartsWith("container.env") || each.Key.StartsWith("container.label"));
    }

    [Fact]
    public async Task Collect_DetailLabelsAndEnvironmentAskedFor_AreThereAndNothingElse()
    {
        engine.Add(A, "web");
        engine.Stats[A] = """{"read":"2026-01-01T00:00:05Z","cpu_stats":{"cpu_usage":{"total_usage":7,"percpu_usage":[3,4]}},"memory_stats":{"usage":5,"max_usage":9,"stats":{"total_rss":3,"pgfault":8}}}""";
        Start(new DockerOptions { Detail = true, Labels = ["team", "absent"], Environment = ["TIER"] });

        var points = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.MemoryTotalRss));

        Value(points, ContainerMetrics.MemoryUsageMax).ShouldBe(9);
        Value(points, ContainerMetrics.MemoryPgfault).ShouldBe(8);
        Value(points, ContainerMetrics.CpuLimit).ShouldBe(0.5);
        points.Where(each => each.Series.Metric == ContainerMetrics.CpuUsagePerCpu).Select(each => (each.Series.Labels[0].Value, each.Value)).ShouldBe([("cpu0", 3), ("cpu1", 4)]);
        var attributes = points.First(each => each.Series.Metric == ContainerMetrics.CpuLimit).Series.Resource.Attributes.ToDictionary();
        attributes["container.label.team"].ShouldBe("blue");
        attributes["container.env.TIER"].ShouldBe("web");
        attributes.Values.ShouldNotContain(value => value.Contains("hunter2"));
        attributes.Keys.ShouldNotContain("container.label.absent");
    }

    [Fact]
    public async Task Collect_OneContainerHangs_TheOthersGoOn()
    {
        for (var i = 0; i < 40; i++)
            engine.Add($"{i:x12}{A[12..]}", $"c{i}");
        engine.Add(B, "hung");
        engine.Hung[B] = true;
        Start();

        var points = await UntilAsync(all => all.Count(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal) == 40);
        points.ShouldNotContain(point => point.Series.Metric == ContainerMetrics.Status && point.Series.Resource.Labels[0].Value == "hung");

        engine.Hung.Clear();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal && point.Series.Resource.Labels[0].Value == "hung"), seconds: 30);
    }

    [Fact]
    public async Task Events_ConnectionsBreakAndAllIsToldAgain_EachIsCountedOnce()
    {
        const int Events = 400;
        engine.Add(A, "web");
        Start();
        await UntilAsync(_ => engine.Listeners == 1);
        var random = new Random(1);
        var at = Now;
        for (var i = 0; i < Events; i++)
        {
            engine.Say(i % 2 == 0 ? "pause" : "unpause", A, at += random.Next(1, 20_000_000));
            if (random.Next(80) != 0)
                continue;
            engine.Break();
            await UntilAsync(_ => engine.Listeners == 1);
        }

        var points = await UntilAsync(all => Count(all, "pause") + Count(all, "unpause") == Events);
        (Count(points, "pause"), Count(points, "unpause")).ShouldBe((Events / 2, Events / 2));
        losses.Counter("docker_event_missed").Value.ShouldBe(0);
    }

    [Fact]
    public async Task Life_DieAndOomAndDestroy_AreCountedAndExportedOnceMore()
    {
        engine.Add(A, "web");
        Start();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));
        engine.Say("oom", A, Now);
        engine.Say("die", A, Now + 1, ("exitCode", "137"));
        engine.Say("exec_create: sh -c secret", A, Now + 2);
        engine.Containers.TryRemove(A, out _);
        engine.Say("destroy", A, Now + 3);

        var points = await UntilAsync(all => Count(all, "destroy") == 1);
        var last = points.Any(point => point.Series.Metric == ContainerMetrics.Exits) ? points : await CollectAsync();

        Value(last, ContainerMetrics.OomKills).ShouldBe(1);
        last.Single(point => point.Series.Metric == ContainerMetrics.Exits).Series.Labels[0].Value.ShouldBe("137");
        Count(last, "exec_create").ShouldBe(1);
        (await UntilAsync(all => !all.Any(point => point.Series.Metric.OtelName.StartsWith("container.")))).ShouldNotContain(point => point.Series.Metric == ContainerMetrics.Exits);
    }

    [Fact]
    public async Task Born_ContainerThatWasGoneBeforeItWasAskedAbout_IsNamedByItsEvents()
    {
        Start();
        await UntilAsync(_ => engine.Listeners == 1);
        engine.Say("create", B, Now, ("name", "short"), ("image", "web:1"));
        engine.Say("destroy", B, Now + 1, ("name", "short"), ("image", "web:1"));
        await UntilAsync(all => Count(all, "destroy") == 1);

        Workload workload = null!;
        for (var i = 0; i < 100 && workload?.IsSettled != true; i++)
        {
            workload = registry.Born(1UL, $"/docker/{B}", 1);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        workload.Name.ShouldBe("short");
        workload.Resource.Attributes.ToDictionary()["container.image.name"].ShouldBe("web:1");
    }

    [Theory]
    [InlineData("1.30", "1.12", "1.30")] // older than one-shot samples
    [InlineData("1.41", "1.12", "1.41")]
    [InlineData("1.47", "1.24", "1.47")]
    [InlineData("1.60", "1.44", "1.47")]
    [InlineData("1.60", "1.52", "1.60")] // has dropped what we were written for
    public async Task Version_OfAnyEngine_IsOneThatBothSpeak(string offered, string oldest, string spoken)
    {
        engine.Version = (offered, oldest);
        engine.Add(A, "web");
        Start();

        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal), seconds: 20);
        collector!.Status.Single().Detail.ShouldContain($"API {spoken}");
    }

    [Fact]
    public async Task Version_TooOld_IsSaidSo()
    {
        engine.Version = ("1.18", "1.12");
        Start();

        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Degraded);
        collector!.Status.Single().Detail.ShouldContain("speaks API 1.18; 1.25 is the oldest that will do");
    }

    [Fact]
    public async Task Engine_Podman_IsNamedSo()
    {
        engine.IsPodman = true;
        engine.Add(A, "web");
        Start();

        var points = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));

        points.First(each => each.Series.Metric == ContainerMetrics.Status).Series.Resource.Attributes.ToDictionary()["container.runtime.name"].ShouldBe("podman");
    }

    [Fact]
    public async Task Engine_WritesNonsense_IsToldApartAndRecovers()
    {
        engine.Add(A, "web");
        Start();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));

        engine.SayRaw("{ half");
        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Degraded, seconds: 10);
        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Ok, seconds: 10);
        engine.SayRaw(new string('x', 2 << 20));
        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Degraded, seconds: 10);
        collector!.Status.Single().Detail.ShouldContain("a line of more than");
        engine.Stats[A] = "<html>";
        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Ok, seconds: 10);
    }

    [Fact]
    public async Task Engine_HangsInAll_IsNoticedAndRecovers()
    {
        engine.Add(A, "web");
        Start();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));

        engine.IsHung = true;
        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Degraded);
        collector!.Status.Single().Detail.ShouldContain("no answer from");
        (await collector.CollectAsync(builder, TestContext.Current.CancellationToken)).Succeeded.ShouldBeFalse();
        await UntilAsync(all => all.All(point => !point.Series.Metric.OtelName.StartsWith("container.")));

        engine.IsHung = false;
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal), seconds: 20);
        collector!.Status.Single().Level.ShouldBe(StatusLevel.Ok);
    }

    [Fact]
    public async Task Resync_ContainerStartedAnewMeanwhile_BeginsItsCountersAnew()
    {
        var web = engine.Add(A, "web");
        web["RestartCount"] = 2;
        Start();
        var first = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));
        Value(first, ContainerMetrics.Restarts).ShouldBe(2);

        // It ended and was started by hand, of which no event comes: the engine counts restarts from 0 again, and has made one since.
        web["RestartCount"] = 1;
        web["State"]!["StartedAt"] = "2026-01-01T00:10:00Z";
        engine.Break();

        var later = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal && point.Series.StartTimeUnixNano == 1767226200000000000UL));
        Value(later, ContainerMetrics.Restarts).ShouldBe(3);
        var removed = engine.Containers.TryRemove(A, out _);
        engine.Break();
        await UntilAsync(_ => losses.Counter("docker_event_missed").Value == 1);
        removed.ShouldBeTrue();
    }

    [Fact]
    public async Task Engine_Absent_IsNoErrorAndFoundWhenItComes()
    {
        var path = engine.SocketPath;
        await engine.DisposeAsync();
        Start();
        await UntilAsync(_ => collector!.Status.Single().Detail.Contains("no container engine"));
        collector!.Status.Single().Level.ShouldBe(StatusLevel.Absent);
        (await collector.CollectAsync(builder, TestContext.Current.CancellationToken)).Succeeded.ShouldBeTrue();

        engine = await FakeEngine.StartAsync(path);
        engine.Add(A, "web");
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal), seconds: 20);
    }

    [Fact]
    public async Task Engine_OnTcpWithTls_IsVerified()
    {
        using var certificate = CertificateOfLocalhost();
        var (remote, port) = await FakeEngine.StartTlsAsync(certificate);
        await using var _ = remote;
        remote.Add(A, "web");
        var file = Path.GetTempFileName();

        Start(new DockerOptions { Endpoint = At($"https://localhost:{port}"), CaFile = file });
        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Degraded);
        collector!.Status.Single().Detail.ShouldContain("certificate");
        // The file is read anew for each connection: here, where it is put in place late.
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));
        File.Delete(file);
    }

    [Fact]
    public async Task Engine_OnTcpWithAnUnknownAuthority_IsRefused()
    {
        using var certificate = CertificateOfLocalhost();
        var (remote, port) = await FakeEngine.StartTlsAsync(certificate);
        await using var _ = remote;

        Start(new DockerOptions { Endpoint = At($"https://localhost:{port}") });

        await UntilAsync(_ => collector!.Status.Single().Level == StatusLevel.Degraded);
        collector!.Status.Single().Detail.ShouldContain("certificate");
        remote.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_OfAnEngineElsewhere_AreOnOurClock()
    {
        using var certificate = CertificateOfLocalhost();
        var (remote, port) = await FakeEngine.StartTlsAsync(certificate);
        await using var _ = remote;
        remote.Skew = TimeSpan.FromSeconds(-3);
        remote.Add(A, "web");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var taken = new EventsTaken();
        var clock = new UnifiedClock();
        var (before, realTime, after) = Observe.Bpf.Host.HostClock.Read();
        clock.Take(new ClockReading(before, realTime, after), 0);
        Start(new DockerOptions { Endpoint = At($"https://localhost:{port}"), CaFile = file }, clock, taken);
        await UntilAsync(_ => remote.Listeners == 1);

        var happened = Now;
        remote.Say("pause", A, happened - 3_000_000_000);
        await UntilAsync(_ => taken.All.Count == 1);
        var points = await CollectAsync();

        taken.All.Single().When.Contains(happened).ShouldBeTrue();
        taken.All.Single().When.Error.ShouldBeLessThan(1_000_000_000);
        var offset = points.Single(point => point.Series.Metric == MetricCatalog.ClockOffset && point.Series.Labels[0].Value == "docker").Value;
        var error = points.Single(point => point.Series.Metric == MetricCatalog.ClockError && point.Series.Labels[0].Value == "docker").Value;
        Math.Abs(offset + 3).ShouldBeLessThanOrEqualTo(error);
        File.Delete(file);
    }

    private static X509Certificate2 CertificateOfLocalhost()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static DockerEndpoint At(string text) => DockerEndpoint.TryParse(text, out var endpoint) ? endpoint! : throw new ArgumentException(text, nameof(text));

    private void Start(DockerOptions? options = null, UnifiedClock? clock = null, params IEventSink[] sinks)
    {
        options ??= new DockerOptions();
        if (options.Endpoint == DockerEndpoint.Default)
            options = options with { Endpoint = At($"unix://{engine.SocketPath}") };
        collector = new DockerCollector(
            options with { Interval = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMilliseconds(500) }, registry,
            timeline = new EventTimeline(sinks, Host, losses, TimeProvider.System, NullLogger<EventTimeline>.Instance), null, clock ?? new UnifiedClock(), Host, losses, TimeProvider.System,
            NullLogger<DockerCollector>.Instance);
    }

    private async Task<Point[]> CollectAsync()
    {
        await collector!.CollectAsync(builder, TestContext.Current.CancellationToken);
        using var lease = builder.Build(1);
        return [.. lease.Snapshot.Families.SelectMany(family => family.Points.ToArray())];
    }

    private async Task<Point[]> UntilAsync(Func<Point[], bool> condition, double seconds = 10)
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

    private static double Value(Point[] points, MetricDescriptor metric) => points.Single(point => point.Series.Metric == metric).Value;

    private static double Count(Point[] points, string action) => points.SingleOrDefault(point => point.Series.Metric == MetricCatalog.DockerEvents && point.Series.Labels[0].Value == action).Value;

    private sealed class EventsTaken : IEventSink
    {
        public System.Collections.Concurrent.ConcurrentQueue<TimelineEvent<ObservedEvent>> All { get; } = new();

        public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
        {
            foreach (var each in events)
                All.Enqueue(each);
        }
    }
}
