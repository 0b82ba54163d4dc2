using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Check;
using Observe.Agent.Configuration.Options;
using Observe.Bpf;
using Observe.Collectors;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Docker;
using Observe.Collectors.Events;
using Observe.Collectors.Guest;
using Observe.Collectors.Identity;
using Observe.Collectors.Clock;
using Observe.Collectors.Kubernetes;
using Observe.Collectors.Kvm;
using Observe.Collectors.Migrations;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces;
using Observe.Collectors.VCenter;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Agent;

/// <summary>Every collector, in the order in which they run: a new one is one line here.</summary>
internal static class Collectors
{
    public static IServiceCollection AddCollectors(this IServiceCollection services, ObserveOptions options) => services
        .AddSingleton(_ => CgroupLayout.Detect(options.Collectors.Cgroup.Root))
        .AddSingleton(host => new WorkloadRegistry(
            options.Workloads.Max, new IsolationProbe(host.GetRequiredService<CgroupLayout>().DirectoryOf, host.GetRequiredService<HostPaths>().Proc),
            host.GetRequiredService<TimeProvider>()))
        .AddSingleton<ExemplarStore>()
        .AddSingleton(host => MakeSched(options, host))
        .AddCollector(options.Collectors.Sched.Enabled, host => host.GetRequiredService<SchedCollector>())
        .AddCollector(options.Collectors.Cgroup.Enabled, host => new CgroupCollector(
            host.GetRequiredService<WorkloadRegistry>(), host.GetRequiredService<CgroupLayout>(), host.GetRequiredService<TimeProvider>(),
            pressure: options.Collectors.Cgroup.Pressure))
        .AddCollector(options.Collectors.Kvm.Tier == KvmTier.Exits, host => new KvmCollector(
            options.Collectors.Kvm, BpfObjects.PathOf(Kvm), options.Collectors.Sched.Enabled ? host.GetRequiredService<SchedCollector>() : null,
            host.GetRequiredService<WorkloadRegistry>(), host.GetRequiredService<ExemplarStore>(), host.GetRequiredService<Resource>(), host.GetRequiredService<HostPaths>().Proc, host.GetRequiredService<HostPaths>().Sys,
            host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<KvmCollector>>(), host.GetRequiredService<AgentPrivileges>()))
        .AddCollector(options.Collectors.Kvm.Tier == KvmTier.Stats, host => new KvmStatsCollector(
            host.GetRequiredService<WorkloadRegistry>(), host.GetRequiredService<CgroupLayout>(),
            options.Collectors.Sched.Enabled ? host.GetRequiredService<SchedCollector>() : null,
            host.GetRequiredService<HostPaths>().Proc, host.GetRequiredService<HostPaths>().Sys, host.GetRequiredService<TimeProvider>()))
        .AddSingleton(_ => new UnifiedClock())
        .AddSingleton(host => new EventTimeline(
            host.GetServices<IEventSink>(), host.GetRequiredService<Resource>(), host.GetRequiredService<LossCounters>(), host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<EventTimeline>>()))
        .AddCollector(true, host => new ClockCollector(host.GetRequiredService<UnifiedClock>(), host.GetRequiredService<Resource>(), host.GetRequiredService<TimeProvider>()))
        .AddCollector(options.Collectors.Docker.Enabled, host => new DockerCollector(
            options.Collectors.Docker, host.GetRequiredService<WorkloadRegistry>(), host.GetRequiredService<EventTimeline>(),
            options.Collectors.Sched.Enabled ? host.GetRequiredService<SchedCollector>() : null, host.GetRequiredService<UnifiedClock>(), host.GetRequiredService<Resource>(),
            host.GetRequiredService<LossCounters>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<DockerCollector>>()))
        .AddCollector(options.Collectors.Sched.Enabled && options.Stalls.Enabled, host => new StallCollector(
            options.Stalls, host.GetRequiredService<SchedCollector>(), host.GetRequiredService<WorkloadRegistry>(), host.GetRequiredService<EventTimeline>(),
            host.GetRequiredService<UnifiedClock>(), host.GetRequiredService<Resource>(), host.GetRequiredService<LossCounters>(), host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<StallCollector>>()))
        .AddSingleton<MigrationWatch>()
        .AddCollector(options.Collectors.VCenter.Endpoints.Count > 0 || IsGuest(), host => new BlackoutCollector(
            options.Collectors.Sched.Enabled ? host.GetRequiredService<SchedCollector>() : null, host.GetRequiredService<GuestLocation>(), host.GetRequiredService<MigrationWatch>(),
            host.GetRequiredService<EventTimeline>(), host.GetRequiredService<UnifiedClock>(), host.GetRequiredService<Resource>(), host.GetRequiredService<LossCounters>(),
            host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<BlackoutCollector>>()))
        .AddCollector(true, host => host.GetRequiredService<EventTimeline>())
        .AddCollector(options.Collectors.Kubernetes.IsWanted(Environment.GetEnvironmentVariable), host => new KubernetesCollector(
            options.Collectors.Kubernetes, Environment.GetEnvironmentVariable, host.GetRequiredService<WorkloadRegistry>(), host.GetRequiredService<Resource>(),
            host.GetRequiredService<LossCounters>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<KubernetesCollector>>(),
            host.GetRequiredService<EventTimeline>(), host.GetRequiredService<UnifiedClock>()))
        .AddCollector(options.Collectors.VCenter.Endpoints.Count > 0, host => MakeVCenter(options, host))
        .AddCollector(true, host => new HostInfoCollector(
            Beneath(host.GetRequiredService<HostPaths>()), host.GetRequiredService<Resource>(), host.GetRequiredService<TimeProvider>()))
        .AddCollector(true, host => new SelfCollector(
            host.GetRequiredService<Resource>(), host.GetRequiredService<LossCounters>(), AgentVersion.Number, host.GetRequiredService<HostPaths>().KernelRelease,
            LibBpfLibrary.TryLoad(out var version, out _) ? version : "", privileges: host.GetRequiredService<AgentPrivileges>()));

    private static GuestDetection Beneath(HostPaths paths) => new(paths.Proc, paths.Sys, CpuIdLeaf.Reader, StealClock.IsKept());

    /// <summary>Whether something is beneath this host; nobody asks for its steal clock here.</summary>
    private static bool IsGuest() => new GuestDetection(new HostPaths().Proc, new HostPaths().Sys, CpuIdLeaf.Reader, kernelTracksSteal: false).Look().IsGuest;

    private static SchedCollector MakeSched(ObserveOptions options, IServiceProvider host)
    {
        var collector = new SchedCollector(
            options.Collectors.Sched with { Stalls = options.Stalls }, BpfObjects.PathOf(Ledger), host.GetRequiredService<CgroupLayout>().Mode, host.GetRequiredService<WorkloadRegistry>(),
            host.GetRequiredService<ExemplarStore>(), host.GetRequiredService<Resource>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<SchedCollector>>());
        collector.Start(); // not at the first scrape: what lives before it counts too
        return collector;
    }

    private static VCenterCollector MakeVCenter(ObserveOptions options, IServiceProvider host)
    {
        var collector = new VCenterCollector(
            options.Collectors.VCenter, host.GetRequiredService<EventTimeline>(), host.GetRequiredService<SampleQueue>(), host.GetRequiredService<UnifiedClock>(),
            host.GetRequiredService<Resource>(), host.GetRequiredService<LossCounters>(), host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<VCenterCollector>>(), host.GetRequiredService<GuestLocation>());
        // Beside the last export and not after it: a server and a receiver that both hang are not waited for one after the other.
        host.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => _ = collector.StopAsync());
        return collector;
    }

    private const string Ledger = "ledger";
    private const string Kvm = "kvm";

    /// <summary>Adds a collector, unless it is switched off: then nothing of it is even made.</summary>
    private static IServiceCollection AddCollector<T>(this IServiceCollection services, bool enabled, Func<IServiceProvider, T> make)
        where T : class, ICollector => enabled ? services.AddSingleton<ICollector>(make) : services;
}
