using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Agent.Configuration;
using Observe.Agent.Export;
using Observe.Agent.Status;
using Observe.Agent.Systemd;
using Observe.Agent.Tests.Http;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Agent.Tests.Systemd;

public class SystemdServiceTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Service_Life_ReadyWatchdogStopping()
    {
        using var systemd = new NotifySocket(isAbstract: false);
        await using (await StartAsync(systemd, new FakeCollector(), TimeProvider.System, TimeSpan.FromMilliseconds(50)))
        {
            systemd.Receive().ShouldBe("READY=1\nSTATUS=ready");
            systemd.ReceiveUntil(each => each == "WATCHDOG=1");
            systemd.ReceiveUntil(each => each == "WATCHDOG=1");
        }
        systemd.ReceiveUntil(each => each.StartsWith("STOPPING=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_FirstCollectionUnderWay_IsNotReadyYet()
    {
        using var systemd = new NotifySocket(isAbstract: false);
        var gate = new TaskCompletionSource();
        await using var agent = await StartAsync(systemd, new FakeCollector { Gate = gate.Task }, TimeProvider.System, null);
        var ready = Task.Run(systemd.Receive, TestContext.Current.CancellationToken);

        (await Task.WhenAny(ready, Task.Delay(300, TestContext.Current.CancellationToken))).ShouldNotBe(ready);
        gate.SetResult();

        (await ready).ShouldStartWith("READY=1");
    }

    [Fact]
    public async Task Service_CollectionStuck_StopsFeedingTheWatchdog()
    {
        using var systemd = new NotifySocket(isAbstract: false);
        var time = new ManualTime();
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        var calls = 0;
        var collection = new SharedCollection(
            _ => Interlocked.Increment(ref calls) == 1 ? Task.FromResult(builder.Build(1)) : new TaskCompletionSource<MetricSnapshot.Lease>().Task, TimeSpan.Zero, time);
        await using var agent = await StartAsync(systemd, new FakeCollector(), time, Watchdog, services => services.AddSingleton(_ => collection));
        systemd.Receive().ShouldStartWith("READY=1");
        systemd.Receive().ShouldBe("WATCHDOG=1");

        using var impatience = new CancellationTokenSource();
        var stuck = collection.CollectAsync(impatience.Token).AsTask();
        await NextTickAsync(systemd, time, each => each == "WATCHDOG=1"); // 5 s: not overdue yet
        await NextTickAsync(systemd, time, each => each == "WATCHDOG=1"); // 10 s
        var complaint = await NextTickAsync(systemd, time, each => each != "WATCHDOG=1"); // 15 s: the runner's own timeout, 5 s, is long over

        complaint.ShouldStartWith("STATUS=not ready; collection: a collection has been running for more than 11 s");
        time.Advance(Watchdog);
        systemd.ReceiveAll().ShouldNotContain("WATCHDOG=1");
        (await agent.Client.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(stuck);
    }

    private static async Task<string> NextTickAsync(NotifySocket systemd, ManualTime time, Func<string, bool> wanted)
    {
        await Task.Delay(100, TestContext.Current.CancellationToken); // lets the service wait for its next tick
        time.Advance(Watchdog);
        return await Task.Run(() => systemd.ReceiveUntil(wanted), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reloader_Reload_TellsSystemdWithTheMonotonicTimeAndKeepsTheOldOnErrors()
    {
        using var systemd = new NotifySocket(isAbstract: false);
        await using var agent = await StartAsync(systemd, new FakeCollector(), TimeProvider.System, null);
        systemd.ReceiveUntil(each => each.StartsWith("READY=1", StringComparison.Ordinal));

        agent.Services.GetServices<IHostedService>().OfType<Reloader>().Single().Reload();

        var reloading = systemd.ReceiveUntil(each => each.StartsWith("RELOADING=1", StringComparison.Ordinal)).Split('\n');
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0]);
        (long.Parse(reloading[1]["MONOTONIC_USEC=".Length..]) / 1e6).ShouldBe(uptime, 5);
        systemd.Receive().ShouldBe("READY=1");
        agent.Log.ToString().ShouldContain("configuration read again");
    }

    private static Task<TestAgent> StartAsync(NotifySocket systemd, FakeCollector collector, TimeProvider time, TimeSpan? watchdog, Action<IServiceCollection>? adjust = null) =>
        TestAgent.StartAsync([collector], adjust: services =>
        {
            adjust?.Invoke(services);
            services
                .AddSingleton(time)
                .AddSingleton(new SystemdNotifier(systemd.Address))
                .AddSingleton(host => new SystemdService(
                host.GetRequiredService<SystemdNotifier>(), watchdog, host.GetRequiredService<IMetricSource>(), host.GetRequiredService<AgentStatus>(),
                host.GetRequiredService<IHostApplicationLifetime>(), time, NullLogger<SystemdService>.Instance));
        });
}
