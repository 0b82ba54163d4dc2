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

/// <summary>Engines of all kinds and in all states.</summary>
public sealed class DockerEngineTests : DockerCollectorBed
{
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
