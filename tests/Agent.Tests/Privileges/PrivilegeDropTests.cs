using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Agent.Privileges;
using Observe.Agent.Tests.Otlp;
using Observe.Bpf.Host;
using Observe.Collectors;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Agent.Tests.Privileges;

/// <summary>When they are given up. That they are, in all threads, is the matter of tests that have a process to themselves.</summary>
public sealed class PrivilegeDropTests
{
    private readonly ManualTime time = new();
    private readonly CountingSource source = new();
    private readonly Attaching ledger = new("sched") { IsWaitingToAttach = true };
    private readonly Lifetime lifetime = new();
    private readonly List<string?> answers = [];
    private int asked;

    [Fact]
    public async Task Execute_SomethingToAttach_WaitsForIt()
    {
        answers.Add(null);
        var privileges = Make(wanted: true);
        using var drop = await StartAsync(privileges);

        await PassAsync(() => privileges.Status.Detail.EndsWith("; until sched is attached", StringComparison.Ordinal));
        (asked, privileges.AreGivenUp).ShouldBe((0, false));
        ledger.IsWaitingToAttach = false;
        await PassAsync(() => privileges.AreGivenUp);

        asked.ShouldBe(1);
        privileges.Status.Level.ShouldBe(StatusLevel.Ok);
        privileges.Status.Detail.ShouldStartWith("given up by all ");
        await drop.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Execute_ThreadsThatAreNotReached_IsDegradedAndTriedAgain()
    {
        ledger.IsWaitingToAttach = false;
        answers.AddRange(["2 of 9 threads had not", null]);
        var privileges = Make(wanted: true);
        using var drop = await StartAsync(privileges);

        await PassAsync(() => privileges.Status.Level == StatusLevel.Degraded);
        privileges.Status.Detail.ShouldStartWith("not given up: 2 of 9 threads had not; held: ");
        privileges.AreGivenUp.ShouldBeTrue("some threads have none any more, and nobody knows which one would load a program");
        await PassAsync(() => privileges.Status.Level == StatusLevel.Ok);

        asked.ShouldBe(2);
    }

    [Fact]
    public async Task Execute_NotWanted_DoesNothing()
    {
        ledger.IsWaitingToAttach = false;
        var privileges = Make(wanted: false);
        using var drop = await StartAsync(privileges);

        await drop.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        (asked, privileges.AreGivenUp, source.Collections).ShouldBe((0, false, 0));
        privileges.Status.Detail.ShouldStartWith("capabilities held: ");
        privileges.Status.Detail.ShouldEndWith("; privileges.drop is never");
    }

    private AgentPrivileges Make(bool wanted) => new(wanted, CapabilitySet.Of(Capability.SysPtrace), (kept, _) =>
    {
        kept.Has(Capability.SysPtrace).ShouldBeTrue("it is needed later");
        return answers[asked++];
    });

    private async Task<PrivilegeDrop> StartAsync(AgentPrivileges privileges)
    {
        var drop = new PrivilegeDrop(privileges, [ledger], source, lifetime, time, NullLogger<PrivilegeDrop>.Instance);
        await drop.StartAsync(TestContext.Current.CancellationToken);
        return drop;
    }

    /// <summary>Lets time pass until something is so.</summary>
    private async Task PassAsync(Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!until())
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, limit.Token);
        }
    }

    private sealed class Attaching(string name) : ICollector, IAttachesPrograms
    {
        public bool IsWaitingToAttach { get; set; }

        public string Name => name;

        public IEnumerable<ComponentStatus> Status => [];

        public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken) => new(CollectResult.Ok);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted { get; } = new(canceled: true);

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
