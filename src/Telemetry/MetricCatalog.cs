using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

/// <summary>
/// Every metric Observe exports, once, in both dialects. <c>docs/metrics.md</c> is generated from it; a test proves that the
/// OTel-to-Prometheus translation rule turns one name into the other.
/// </summary>
public static class MetricCatalog
{
    /// <summary>Time of all threads of a workload, by state; the states sum to the threads' lifetimes.</summary>
    public static readonly MetricDescriptor ThreadTime = new("observe_thread_time_seconds_total", "observe.thread.time", "s", Counter, Workload,
        "Time of the workload's threads by state; the states add up to the threads' wall-clock lifetime", "state");

    /// <summary>Scheduler latency net of throttling.</summary>
    public static readonly MetricDescriptor RunqueueWait = new("observe_runqueue_wait_seconds", "observe.runqueue.wait", "s", Histogram, Workload,
        "Time from runnable to running, without the time in which a CPU quota kept the thread off");

    /// <summary>Spells of being kept off by a CPU quota.</summary>
    public static readonly MetricDescriptor Throttle = new("observe_throttle_seconds", "observe.throttle", "s", Histogram, Workload,
        "Spells in which a CPU quota, the workload's own or an ancestor's, kept a runnable thread off the CPU");

    /// <summary>Who made whom wait.</summary>
    public static readonly MetricDescriptor Delay = new("observe_delay_seconds_total", "observe.delay", "s", Counter, Workload,
        "Waits of the workload's threads from traces.thresholds.blame on, by who ran meanwhile; all series of a workload add up to observe_delay_charged_seconds_total", "culprit", "culprit_kind", "culprit_id");

    /// <summary>What is put down to somebody.</summary>
    public static readonly MetricDescriptor DelayCharged = new("observe_delay_charged_seconds_total", "observe.delay.charged", "s", Counter, Workload,
        "Waits of the workload's threads from traces.thresholds.blame on: part of the time it waited");

    /// <summary>Voluntary and involuntary context switches.</summary>
    public static readonly MetricDescriptor ContextSwitches = new("observe_context_switches_total", "observe.context_switches", "{switch}", Counter, Workload,
        "Times a thread of the workload left a CPU, by whether it gave it up (voluntary) or was taken off (involuntary)", "kind");

    /// <summary>Moves of a thread from one CPU to another.</summary>
    public static readonly MetricDescriptor CpuMigrations = new("observe_cpu_migrations_total", "observe.cpu.migrations", "{migration}", Counter, Workload,
        "Times a thread of the workload came back on another CPU than it left");

    /// <summary>Kills for want of memory.</summary>
    public static readonly MetricDescriptor OomKills = new("observe_oom_kills_total", "observe.oom_kills", "{kill}", Counter, Workload,
        "Processes of the workload that the kernel killed for want of memory, its own limit's or the host's");

    /// <summary>CPU quota as a number of CPUs.</summary>
    public static readonly MetricDescriptor QuotaCores = new("observe_cpu_quota_cores", "observe.cpu.quota.cores", "{core}", Gauge, Workload,
        "CPU bandwidth limit of the workload's cgroup in CPUs (quota divided by period); absent without a limit");

    /// <summary>Burst allowance of the quota.</summary>
    public static readonly MetricDescriptor QuotaBurst = new("observe_cpu_quota_burst_seconds", "observe.cpu.quota.burst", "s", Gauge, Workload,
        "CPU time the workload's cgroup may save up and spend above its quota");

    /// <summary>Length of the quota's period.</summary>
    public static readonly MetricDescriptor QuotaPeriod = new("observe_cpu_quota_period_seconds", "observe.cpu.quota.period", "s", Gauge, Workload,
        "Length of the period over which the CPU quota is enforced");

    /// <summary>Enforcement periods passed.</summary>
    public static readonly MetricDescriptor CfsPeriods = new("observe_cfs_periods_total", "observe.cfs.periods", "{period}", Counter, Workload,
        "CPU quota enforcement periods in which the workload's cgroup ran, as its own files count them");

    /// <summary>Enforcement periods with throttling.</summary>
    public static readonly MetricDescriptor CfsThrottledPeriods = new("observe_cfs_throttled_periods_total", "observe.cfs.throttled_periods", "{period}", Counter, Workload,
        "CPU quota enforcement periods in which the workload's cgroup was throttled, as its own files count them");

    /// <summary>Throttled time by the cgroup's own files.</summary>
    public static readonly MetricDescriptor CfsThrottledTime = new("observe_cfs_throttled_seconds_total", "observe.cfs.throttled", "s", Counter, Workload,
        "Time the workload's cgroup was throttled, summed over CPUs, as its own files count it");

    /// <summary>Pressure stall information of the workload's cgroup.</summary>
    public static readonly MetricDescriptor Pressure = new("observe_pressure_seconds_total", "observe.pressure", "s", Counter, Workload,
        "Pressure stall time of the workload's cgroup: some or all of its threads waited for the resource", "resource", "kind");

    /// <summary>Who a workload is.</summary>
    public static readonly MetricDescriptor WorkloadInfo = new("observe_workload_info", "observe.workload.info", "", Info, Workload,
        "Identity of the workload; join on workload_id");

    /// <summary>Threads in the ledger.</summary>
    public static readonly MetricDescriptor Threads = new("observe_threads", "observe.threads", "{thread}", Gauge, Workload,
        "Threads of the workload that the ledger accounts for");

    /// <summary>Exits of a virtual machine.</summary>
    public static readonly MetricDescriptor KvmExits = new("observe_kvm_exits_total", "observe.kvm.exits", "{exit}", Counter, Workload,
        "Times a vCPU of the virtual machine left the guest, by the processor's reason", "vm", "reason");

    /// <summary>What handling exits costs.</summary>
    public static readonly MetricDescriptor KvmExitHandling = new("observe_kvm_exit_seconds", "observe.kvm.exit", "s", Histogram, Workload,
        "CPU time that the kernel spent on an exit until the guest or the VMM went on, without sleep, preemption and halt polling", "vm", "reason");

    /// <summary>Time of a vCPU's thread by state; the states sum to the time since its first entry.</summary>
    public static readonly MetricDescriptor VcpuTime = new("observe_vcpu_time_seconds_total", "observe.vcpu.time", "s", Counter, Workload,
        "Time of the vCPU's thread by state: guest, exit, halt_poll and userspace are its CPU time, the rest is not; all add up to the time since its first entry", "vm", "vcpu", "state");

    /// <summary>What being a virtual machine costs it.</summary>
    public static readonly MetricDescriptor VmOverhead = new("observe_vm_overhead_seconds_total", "observe.vm.overhead", "s", Counter, Workload,
        "The virtual machine's time by what it was good for: useful (in the guest), and overhead: trap (handling exits), schedule (vCPUs waiting and throttled), isolation (the VMM's other CPU time)", "vm", "part");

    /// <summary>Who a virtual machine is.</summary>
    public static readonly MetricDescriptor VmInfo = new("observe_vm_info", "observe.vm.info", "", Info, Workload,
        "Identity of the virtual machine as its VMM was started with it; join on workload_id and vm", "vm", "uuid", "vmm", "pid");

    /// <summary>Time of each CPU by what it did.</summary>
    public static readonly MetricDescriptor CpuTime = new("observe_cpu_time_seconds_total", "observe.cpu.time", "s", Counter, Host,
        "Time of each CPU by what it did: running a thread, idle, interrupts, steal; the states add up to elapsed time", "cpu", "state");

    /// <summary>What the ledger failed to explain.</summary>
    public static readonly MetricDescriptor LedgerResidual = new("observe_ledger_residual_seconds", "observe.ledger.residual", "s", Gauge, Host,
        "Elapsed monotonic time of the CPU minus the time the ledger accounted for, since the ledger started", "cpu");

    /// <summary>Version of the agent.</summary>
    public static readonly MetricDescriptor BuildInfo = new("observe_build_info", "observe.build.info", "", Info, Host,
        "Version of the agent, of the kernel it runs on and of the libbpf it uses", "version", "kernel", "libbpf");

    /// <summary>What the host runs on.</summary>
    public static readonly MetricDescriptor HostInfo = new("observe_host_info", "observe.host.info", "", Info, Host,
        "What is beneath the host: the hypervisor, or none; and whether its stolen time is known, unknown (a 0 means nothing) or none", "hypervisor", "steal");

    /// <summary>Whether a collector's last collection succeeded.</summary>
    public static readonly MetricDescriptor CollectorSuccess = new("observe_collector_success", "observe.collector.success", "{collector}", Gauge, Host,
        "Whether the collector's last collection succeeded", "collector");

    /// <summary>Duration of a collector's last collection.</summary>
    public static readonly MetricDescriptor CollectorDuration = new("observe_collector_duration_seconds", "observe.collector.duration", "s", Gauge, Host,
        "Duration of the collector's last collection", "collector");

    /// <summary>Whether a BPF program is attached.</summary>
    public static readonly MetricDescriptor ProgramAttached = new("observe_bpf_program_attached", "observe.bpf.program.attached", "{program}", Gauge, Host,
        "Whether the BPF program is attached to its hook", "program", "hook");

    /// <summary>CPU time of a BPF program, where the kernel counts it.</summary>
    public static readonly MetricDescriptor ProgramRunTime = new("observe_bpf_program_run_seconds_total", "observe.bpf.program.run", "s", Counter, Host,
        "CPU time of the BPF program; only counted while kernel.bpf_stats_enabled is 1", "program", "hook");

    /// <summary>Runs of a BPF program, where the kernel counts them.</summary>
    public static readonly MetricDescriptor ProgramRuns = new("observe_bpf_program_runs_total", "observe.bpf.program.runs", "{run}", Counter, Host,
        "Runs of the BPF program; only counted while kernel.bpf_stats_enabled is 1", "program", "hook");

    /// <summary>Used entries of a BPF map.</summary>
    public static readonly MetricDescriptor MapEntries = new("observe_bpf_map_entries", "observe.bpf.map.entries", "{entry}", Gauge, Host,
        "Entries in use in the BPF map", "map");

    /// <summary>Capacity of a BPF map.</summary>
    public static readonly MetricDescriptor MapMaxEntries = new("observe_bpf_map_max_entries", "observe.bpf.map.max_entries", "{entry}", Gauge, Host,
        "Capacity of the BPF map", "map");

    /// <summary>Memory of a BPF map.</summary>
    public static readonly MetricDescriptor MapBytes = new("observe_bpf_map_bytes", "observe.bpf.map", "By", Gauge, Host,
        "Kernel memory of the BPF map, as the kernel accounts it", "map");

    /// <summary>Everything that was lost, by reason.</summary>
    public static readonly MetricDescriptor Lost = new("observe_lost_total", "observe.lost", "{item}", Counter, Host,
        "What was lost or could not be attributed, by reason; anything but zero has an entry in the troubleshooting guide", "reason");

    /// <summary>CPU time of the agent, under the name every Prometheus client library gives it.</summary>
    public static readonly MetricDescriptor ProcessCpu = new("process_cpu_seconds_total", "process.cpu", "s", Counter, Host,
        "User and system CPU time of the agent");

    /// <summary>Resident memory of the agent.</summary>
    public static readonly MetricDescriptor ProcessResidentMemory = new("process_resident_memory_bytes", "process.resident_memory", "By", Gauge, Host,
        "Resident memory of the agent");

    /// <summary>Open file descriptors of the agent.</summary>
    public static readonly MetricDescriptor ProcessOpenFds = new("process_open_fds", "process.open_fds", "{fd}", Gauge, Host,
        "Open file descriptors of the agent, counted once a minute");

    /// <summary>Start of the agent.</summary>
    public static readonly MetricDescriptor ProcessStartTime = new("process_start_time_seconds", "process.start_time", "s", Gauge, Host,
        "Start of the agent, in seconds since the Unix epoch");

    /// <summary>What became of data points handed to the OTLP export.</summary>
    public static readonly MetricDescriptor OtlpPoints = new("observe_otlp_points_total", "observe.otlp.points", "{point}", Counter, Host,
        "Data points handed to the OTLP export: accepted or rejected by the receiver, superseded by newer ones, or dropped", "outcome");

    /// <summary>Samples that wait for the receiver.</summary>
    public static readonly MetricDescriptor OtlpSamplesWaiting = new("observe_otlp_samples_waiting", "observe.otlp.samples_waiting", "{point}", Gauge, Host,
        "Data points with times of their own, which no newer ones replace, that the OTLP receiver has not taken yet");

    /// <summary>Failed OTLP attempts.</summary>
    public static readonly MetricDescriptor OtlpFailures = new("observe_otlp_failures_total", "observe.otlp.failures", "{failure}", Counter, Host,
        "Failures of the OTLP export by reason; those that may pass are retried", "reason");

    /// <summary>Delivered OTLP bytes.</summary>
    public static readonly MetricDescriptor OtlpRequestBytes = new("observe_otlp_request_bytes_total", "observe.otlp.request", "By", Counter, Host,
        "Size of delivered OTLP requests before compression");

    /// <summary>Time of the last delivery.</summary>
    public static readonly MetricDescriptor OtlpLastSuccess = new("observe_otlp_last_success_timestamp_seconds", "observe.otlp.last_success.timestamp", "s", Gauge, Host,
        "When an OTLP request was last delivered, in seconds since the Unix epoch; absent before the first");

    /// <summary>What became of spans.</summary>
    public static readonly MetricDescriptor TraceSpans = new("observe_trace_spans_total", "observe.trace.spans", "{span}", Counter, Host,
        "Spans handed to the OTLP export: accepted or rejected by the receiver, or dropped because it refused them for good or the agent stopped", "outcome");

    /// <summary>Spans that wait for the receiver.</summary>
    public static readonly MetricDescriptor TraceSpansWaiting = new("observe_trace_spans_waiting", "observe.trace.spans_waiting", "{span}", Gauge, Host,
        "Spans that the OTLP receiver has not been sent yet");

    /// <summary>Failed attempts to export spans.</summary>
    public static readonly MetricDescriptor TraceFailures = new("observe_trace_failures_total", "observe.trace.failures", "{failure}", Counter, Host,
        "Failures of the export of spans by reason; those that may pass are retried", "reason");

    /// <summary>Times that this machine stood still.</summary>
    public static readonly MetricDescriptor GuestBlackouts = new("observe_guest_blackouts_total", "observe.guest.blackouts", "{blackout}", Counter, Host,
        "Times that this virtual machine stood still for 50 ms or longer: late, its clock went on meanwhile; suspended, its clock stood still too", "sign");

    /// <summary>How long it did.</summary>
    public static readonly MetricDescriptor GuestBlackoutTime = new("observe_guest_blackout_seconds_total", "observe.guest.blackout", "s", Counter, Host,
        "Time that this virtual machine stood still, in blackouts of 50 ms or longer", "sign");

    /// <summary>Migrations of this machine.</summary>
    public static readonly MetricDescriptor Migrations = new("observe_migrations_total", "observe.migrations", "{migration}", Counter, Host,
        "Migrations of this virtual machine while it ran, by whether its threads' waits came back to what they were before within five minutes: recovered, unrecovered, unknown", "outcome");

    /// <summary>Interruption of the last one.</summary>
    public static readonly MetricDescriptor MigrationInterruption = new("observe_migration_interruption_seconds", "observe.migration.interruption", "s", Gauge, Host,
        "How long this virtual machine stood still in its last migration; 0 if for less than 50 ms");

    /// <summary>Interruptions of all.</summary>
    public static readonly MetricDescriptor MigrationInterrupted = new("observe_migration_interrupted_seconds_total", "observe.migration.interrupted", "s", Counter, Host,
        "How long this virtual machine stood still in all its migrations together");

    /// <summary>Recovery from the last one.</summary>
    public static readonly MetricDescriptor MigrationRecovery = new("observe_migration_recovery_seconds", "observe.migration.recovery", "s", Gauge, Host,
        "From the end of the last migration's blackout until this virtual machine's threads waited as before it; absent if they did not, or it is not known");

    /// <summary>Requests to the Kubernetes API server.</summary>
    public static readonly MetricDescriptor KubernetesRequests = new("observe_kubernetes_requests_total", "observe.kubernetes.requests", "{request}", Counter, Host,
        "Requests for pods to the Kubernetes API server, by what was asked for (list, watch) and the HTTP status; error if there was no answer", "verb", "code");

    /// <summary>Pods that are known.</summary>
    public static readonly MetricDescriptor KubernetesPods = new("observe_kubernetes_pods", "observe.kubernetes.pods", "{pod}", Gauge, Host,
        "Pods of this node that are known from the Kubernetes API server; absent before the first list");

    /// <summary>What the watch brought.</summary>
    public static readonly MetricDescriptor KubernetesWatchEvents = new("observe_kubernetes_watch_events_total", "observe.kubernetes.watch.events", "{event}", Counter, Host,
        "Events of the watch on this node's pods, by type", "type");

    /// <summary>Age of what is known.</summary>
    public static readonly MetricDescriptor KubernetesLastSync = new("observe_kubernetes_last_sync_timestamp_seconds", "observe.kubernetes.last_sync.timestamp", "s", Gauge, Host,
        "When a list, or an event or bookmark of the watch, last said how the pods are, in seconds since the Unix epoch; absent before the first list");

    /// <summary>How far what is stamped may be from UTC.</summary>
    public static readonly MetricDescriptor ClockError = new("observe_clock_error_seconds", "observe.clock.error", "s", Gauge, Host,
        "How far times from this source may be from UTC; for the host, as far as whoever disciplines its clock states its error truly", "source");

    /// <summary>How far a source's clock is from the host's.</summary>
    public static readonly MetricDescriptor ClockOffset = new("observe_clock_offset_seconds", "observe.clock.offset", "s", Gauge, Host,
        "The source's clock less UTC as this host knows it; the host's own is what its discipline has still to correct", "source");

    /// <summary>Times that a clock was set.</summary>
    public static readonly MetricDescriptor ClockSteps = new("observe_clock_steps_total", "observe.clock.steps", "{step}", Counter, Host,
        "Times the source's clock was set, stepped by a leap second, or stood still because its machine was suspended", "source");

    /// <summary>What others say of the same.</summary>
    public static readonly MetricDescriptor CrossCheck = new("observe_crosscheck_ratio", "observe.crosscheck", "1", Gauge, Workload,
        "What the ledger counted of the workload over what the container engine did, in the same time: cpu or throttled", "signal");

    /// <summary>Events of container engines.</summary>
    public static readonly MetricDescriptor DockerEvents = new("observe_docker_events_total", "observe.docker.events", "{event}", Counter, Host,
        "Events of containers that the engine told of, each counted once", "action");

    /// <summary>Requests to container engines.</summary>
    public static readonly MetricDescriptor DockerRequests = new("observe_docker_requests_total", "observe.docker.requests", "{request}", Counter, Host,
        "Requests to the container engine, by what was asked and whether it was answered", "request", "outcome");

    /// <summary>Containers that exist.</summary>
    public static readonly MetricDescriptor DockerContainers = new("observe_docker_containers", "observe.docker.containers", "{container}", Gauge, Host,
        "Containers that the engine knows, stopped ones too");

    /// <summary>Events that wait in the timeline.</summary>
    public static readonly MetricDescriptor TimelineWaiting = new("observe_timeline_waiting", "observe.timeline.waiting", "{event}", Gauge, Host,
        "Events that wait in the timeline until none before them is expected");

    /// <summary>What became of stalls.</summary>
    public static readonly MetricDescriptor Stalls = new("observe_stalls_total", "observe.stalls", "{stall}", Counter, Host,
        "Stalls of threads over their kind's configured threshold: told, or left out because the threshold stands higher for now, the workload or the host has had its share of the second, or the ring is full", "kind", "outcome");

    /// <summary>Lengths of stalls.</summary>
    public static readonly MetricDescriptor StallTime = new("observe_stall_seconds_total", "observe.stall", "s", Counter, Host,
        "Length of all stalls over the configured threshold, told or not", "kind");

    /// <summary>Why a workload's threads stalled.</summary>
    public static readonly MetricDescriptor StallVerdicts = new("observe_stall_verdicts_total", "observe.stall.verdicts", "{stall}", Counter, Workload,
        "Stalls of the workload's threads that were told, by their verdict: why, in a word (docs/traces.md)", "kind", "verdict");

    /// <summary>For how long.</summary>
    public static readonly MetricDescriptor StallVerdictTime = new("observe_stall_verdict_seconds_total", "observe.stall.verdict", "s", Counter, Workload,
        "Length of the stalls of the workload's threads that were told, by their verdict", "kind", "verdict");

    /// <summary>Where the thresholds stand.</summary>
    public static readonly MetricDescriptor StallThreshold = new("observe_stall_threshold_seconds", "observe.stall.threshold", "s", Gauge, Host,
        "From where on stalls are told: as configured, or higher while there are too many", "kind");

    /// <summary>Room in the timeline.</summary>
    public static readonly MetricDescriptor TimelineMaxWaiting = new("observe_timeline_max_waiting", "observe.timeline.max_waiting", "{event}", Gauge, Host,
        "Events that may wait in the timeline; beyond, the oldest are delivered before their time");

    /// <summary>What became of events in the timeline.</summary>
    public static readonly MetricDescriptor TimelineEvents = new("observe_timeline_events_total", "observe.timeline.events", "{event}", Counter, Host,
        "Events offered to the timeline: accepted, of them late (after later ones had been delivered); or left out as duplicate, or dropped for want of room", "source", "outcome");

    /// <summary>How far out of order events come.</summary>
    public static readonly MetricDescriptor TimelineLateness = new("observe_timeline_lateness_seconds", "observe.timeline.lateness", "s", Gauge, Host,
        "How long the timeline waits for older events of the source: as far as they have come out of order", "source");

    /// <summary>All rows, in the order they are exported.</summary>
    public static IReadOnlyList<MetricDescriptor> All { get; } =
    [
        ThreadTime, RunqueueWait, Delay, DelayCharged, Throttle, ContextSwitches, CpuMigrations, OomKills, Threads,
        QuotaCores, QuotaPeriod, QuotaBurst, CfsPeriods, CfsThrottledPeriods, CfsThrottledTime, Pressure,
        WorkloadInfo, VcpuTime, KvmExits, KvmExitHandling, VmOverhead, VmInfo, CpuTime, LedgerResidual,
        HostInfo, BuildInfo, CollectorSuccess, CollectorDuration, ProgramAttached, ProgramRunTime, ProgramRuns,
        MapEntries, MapMaxEntries, MapBytes, Lost, ClockError, ClockOffset, ClockSteps,
        ProcessCpu, ProcessResidentMemory, ProcessOpenFds, ProcessStartTime,

        OtlpPoints, OtlpSamplesWaiting, OtlpFailures, OtlpRequestBytes, OtlpLastSuccess, TraceSpans, TraceSpansWaiting, TraceFailures,
        GuestBlackouts, GuestBlackoutTime, Migrations, MigrationInterruption, MigrationInterrupted, MigrationRecovery,

        .. ContainerMetrics.All,
        .. VCenterMetrics.All,
        CrossCheck, DockerEvents, DockerRequests, DockerContainers,
        TimelineWaiting, TimelineMaxWaiting, TimelineEvents, TimelineLateness,
        Stalls, StallTime, StallThreshold, StallVerdicts, StallVerdictTime,
        KubernetesRequests, KubernetesPods, KubernetesWatchEvents, KubernetesLastSync,
    ];
}
