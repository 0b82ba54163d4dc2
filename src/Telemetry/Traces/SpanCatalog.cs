namespace Observe.Telemetry.Traces;

/// <summary>Every span that is exported, written out once: <c>docs/traces.md</c> is made of it.</summary>
public static class SpanCatalog
{
    private static readonly AttributeDescriptor Correction = new("observe.correction", "boolean", "Set on a span that says what was learnt after another was exported; linked to that");
    private static readonly AttributeDescriptor Incomplete = new("observe.incomplete", "string", "Set where not all is known: which part of it was not told, `begin` or `end`");

    private static readonly AttributeDescriptor[] OfOperation =
    [
        new("vcenter", "string", "The vCenter's name in the configuration"),
        new("vcenter.instance_uuid", "string", "The vCenter; absent on ESXi hosts"),
        new("vcenter.event.chain_id", "string", "The operation's number there"),
        new("vcenter.task.id", "string", "The first task"),
        new("vcenter.task.descriptor", "string", "What the task does, as vSphere calls it"),
        new("vcenter.task.parent.id", "string", "The task that this one is part of"),
        new("user.name", "string", "Who wanted it"),
        new("vcenter.datacenter.name", "string", "Where"),
        new("vcenter.cluster.name", "string", "Where"),
        new("vcenter.host.name", "string", "Where: the ESXi host"),
        new("vcenter.vm.name", "string", "The virtual machine"),
        new("vcenter.vm.id", "string", "Its instance UUID"),
        new("vcenter.datastore.name", "string", "Where"),
        new("vcenter.source.host.name", "string", "Of migrations: from where"),
        new("vcenter.destination.host.name", "string", "Of migrations: to where"),
        new("vcenter.source.datastore.name", "string", "Of relocations: from where"),
        new("vcenter.destination.datastore.name", "string", "Of relocations: to where"),
        new("vcenter.object.type", "string", "Of tasks: what it was done to"),
        new("vcenter.object.name", "string", "Its name"),
        new("error.type", "string", "The fault that it ended with"),
        new("observe.vcenter.events", "int", "Events and tasks' starts and ends that it is made of"),
        new("observe.vcenter.event.types", "string[]", "Their types, each once, in the order in which they were heard of"),
        Incomplete, Correction,
    ];

    private static readonly AttributeDescriptor[] OfContainer =
    [
        new("container.id", "string", "Its full id"),
        new("container.name", "string", "What the engine calls it"),
        new("container.image.name", "string", "What it was made from"),
    ];

    private static readonly AttributeDescriptor[] OfStall =
    [
        new("workload", "string", "Whose thread"),
        new("workload.kind", "string", "What sort of thing that is"),
        new("workload.id", "string", "Its short id, as on metrics"),
        new("container.id", "string", "If it is a container"),
        new("container.name", "string", "If it is a container"),
        new("container.image.name", "string", "If it is a container"),
        new("k8s.namespace.name", "string", "If it is a pod or in one"),
        new("k8s.pod.name", "string", "If it is a pod or in one"),
        new("k8s.pod.uid", "string", "If it is a pod or in one"),
        new("k8s.container.name", "string", "If it is in a pod"),
        new("process.pid", "int", "The thread's process, as this host numbers it"),
        new("thread.id", "int", "The thread"),
        new("thread.name", "string", "What it is called (`comm`)"),
        new("cpu.logical_number", "int", "The CPU that it ran on afterwards"),
        new("observe.stall.duration", "double", "How long it was by the kernel's clock, s: exact, where begin and end have the error of UTC"),
        new("observe.stall.verdict", "string", "Why, in a word: see below"),
        new("observe.stall.evidence", "string", "What that was concluded from"),
        new("observe.kvm.exit.reason", "string", "Of exits: why the guest was left"),
    ];

    private static readonly AttributeDescriptor[] OfPod =
    [
        new("k8s.namespace.name", "string", "Its namespace"),
        new("k8s.pod.name", "string", "Its name"),
        new("k8s.pod.uid", "string", "Which"),
        new("k8s.node.name", "string", "Where"),
    ];

    /// <summary>Attributes that every span has.</summary>
    public static IReadOnlyList<AttributeDescriptor> Common { get; } =
    [
        new("observe.time.earliest", "int", "It began not before this, ns since the Unix epoch"),
        new("observe.time.begin.latest", "int", "It began not after this"),
        new("observe.time.end.earliest", "int", "It ended not before this"),
        new("observe.time.latest", "int", "It ended not after this"),
        new("observe.time.common", "int", "How much of these bounds' distance, to either side, ns, is the error of this host's clock: the same for all that it stamps, and left out where two are compared"),
    ];

    /// <summary>Attributes of links.</summary>
    public static IReadOnlyList<AttributeDescriptor> OfLinks { get; } =
    [
        new("observe.link.reason", "string", "`overlaps`: the two may have happened at the same time, and that one lies in the other is not certain; `corrects`: what the other said is completed here; `of`: the life, the restarts, or the migration that it belongs to"),
    ];

    /// <summary>A container, while it runs.</summary>
    public static SpanDescriptor ContainerLife { get; } = new(
        "container.life", "From a container's start, or its creation if it was started within a minute of that, to its end. An error if it ended with another code than 0 without being told to, or for want of memory",
        [
            .. OfContainer,
            new("process.exit.code", "int", "What it ended with"),
            new("observe.container.oom_kills", "int", "Kills for want of memory that the engine told of"),
            new("observe.container.end", "string", "`exited` by itself, `stopped` by somebody, or `oom`"),
            new("observe.container.life", "int", "Which life it is since somebody last started it, from 1"),
            Incomplete, Correction,
        ]);

    /// <summary>A container, until it runs.</summary>
    public static SpanDescriptor ContainerCreate { get; } = new("container.create", "From a container's creation to its start", OfContainer);

    /// <summary>A container that is not healthy.</summary>
    public static SpanDescriptor ContainerHealth { get; } = new(
        "container.health", "While a container's health checks find it starting, or unhealthy; an error if unhealthy",
        [.. OfContainer, new("container.state.health.status", "string", "`starting` or `unhealthy`")]);

    /// <summary>A container that ends again and again.</summary>
    public static SpanDescriptor ContainerRestarts { get; } = new(
        "container.restart_loop", "Around lives of a container that was started again by itself within 70 s of each end, until it runs for a minute or stays stopped; an error",
        [.. OfContainer, new("observe.container.restarts", "int", "Starts after the first"), new("observe.container.end", "string", "`recovered` if it runs, else `stopped`")]);

    /// <summary>A pod.</summary>
    public static SpanDescriptor PodLife { get; } = new("k8s.pod.life", "From a pod's creation, as the API server noted it, to its deletion", [.. OfPod, Incomplete]);

    /// <summary>A pod without a node.</summary>
    public static SpanDescriptor PodSchedule { get; } = new("k8s.pod.schedule", "From a pod's creation until it has a node", OfPod);

    /// <summary>A pod that is not ready yet.</summary>
    public static SpanDescriptor PodStart { get; } = new("k8s.pod.start", "From when a pod has a node until it is first ready", OfPod);

    /// <summary>A life of a container in a pod.</summary>
    public static SpanDescriptor PodContainerLife { get; } = new(
        "k8s.container.life", "From a container's start to its end, as its kubelet noted them, to the second. An error if it ended with another code than 0",
        [
            .. OfPod,
            new("k8s.container.name", "string", "Its name in the pod"),
            new("container.id", "string", "Its full id"),
            new("container.image.name", "string", "What it was made from"),
            new("k8s.container.status.last_terminated_reason", "string", "Why it ended, in the kubelet's word: `OOMKilled`, `Error`, `Completed`"),
            new("process.exit.code", "int", "What it ended with"),
        ]);

    /// <summary>A thread that waited.</summary>
    public static SpanDescriptor StallWait { get; } = new(
        "stall.wait", "While a thread was ready to run, and did not",
        [
            .. OfStall,
            new("observe.stall.culprits", "string[]", "Who ran instead, the longest first: workloads by their names, what is none by its kind"),
            new("observe.stall.culprit.kinds", "string[]", "What each is to it: `self`, `sibling`, `workload`, `kernel`, `interrupt`, `hypervisor`, `idle`, `unknown`"),
            new("observe.stall.culprit.shares", "double[]", "Each one's share of the wait, 0 to 1; all of them add up to 1"),
        ]);

    /// <summary>A thread that was kept off by a quota.</summary>
    public static SpanDescriptor StallThrottle { get; } = new("stall.throttle", "While a thread was kept off by a CPU quota, its own cgroup's or one above it", OfStall);

    /// <summary>A thread in D.</summary>
    public static SpanDescriptor StallBlocked { get; } = new("stall.blocked", "While a thread was in uninterruptible sleep (D)", OfStall);

    /// <summary>A vCPU outside of its guest.</summary>
    public static SpanDescriptor StallExit { get; } = new("stall.exit", "The handling of a vCPU's exit: ends when the guest is entered again, begins as much earlier as it took CPU time", OfStall);

    /// <summary>A thread that was stopped.</summary>
    public static SpanDescriptor StallStopped { get; } = new("stall.stopped", "While a thread was stopped by a signal (`SIGSTOP`) or a debugger", OfStall);

    /// <summary>This machine, while it stood still.</summary>
    public static SpanDescriptor GuestBlackout { get; } = new(
        "guest.blackout", "While this virtual machine stood still, all of it, for 50 ms or longer",
        [
            new("observe.guest.blackout.duration", "double", "How long it was at least, s: exact to some ms, where begin and end have the error of UTC"),
            new("observe.guest.blackout.sign", "string", "What it was noticed by: `late`, CLOCK_MONOTONIC went on meanwhile and no CPU did anything; `suspended`, it stood still and the kernel was told for how long; `stepped`, it stood still and CLOCK_REALTIME was set forward afterwards, in a migration"),
        ]);

    /// <summary>This machine, after it was moved.</summary>
    public static SpanDescriptor GuestRecovery { get; } = new(
        "guest.recovery", "From the end of a migration's blackout (of the migration, if none was seen) until this virtual machine's threads wait for CPUs as before it; an error if they do not within five minutes",
        [
            new("observe.guest.recovery.outcome", "string", "`recovered` or `unrecovered`"),
            new("observe.guest.recovery.baseline", "double", "95th percentile of waits in an ordinary second of the minute before, s"),
            new("observe.guest.recovery.peak", "double", "In the worst second of it, s"),
            new("observe.guest.recovery.after", "double", "In the second that ended it, s"),
        ]);

    /// <summary>A part of an operation.</summary>
    public static SpanDescriptor OperationPhase { get; } = new(
        "vcenter.operation.phase", "A part of a migration, from one of its events to the next",
        [new("observe.vcenter.phase", "string", "`queued`: until the task was begun; `preparing`: until the migration was; `transferring`: until it was done; `finishing`: until the task ended")]);

    /// <summary>All operations of vCenters, by their spans' names.</summary>
    public static IReadOnlyList<SpanDescriptor> Operations { get; } =
    [
        Operation("vcenter.vm.migrate", "A VM's move to another host while it runs (vMotion)"),
        Operation("vcenter.vm.relocate", "A VM's move to another datastore, or to another host while it is off"),
        Operation("vcenter.vm.snapshot.create", "A snapshot of a VM being made"),
        Operation("vcenter.vm.snapshot.revert", "A VM going back to a snapshot"),
        Operation("vcenter.vm.snapshot.remove", "A snapshot, or all of a VM's, being removed"),
        Operation("vcenter.vm.snapshot.consolidate", "A VM's disks being consolidated"),
        Operation("vcenter.vm.power_on", "A VM being powered on"),
        Operation("vcenter.vm.power_off", "A VM being powered off"),
        Operation("vcenter.vm.suspend", "A VM being suspended"),
        Operation("vcenter.vm.reset", "A VM being reset"),
        Operation("vcenter.vm.guest_reboot", "A VM's guest being told to reboot"),
        Operation("vcenter.vm.guest_shutdown", "A VM's guest being told to shut down"),
        Operation("vcenter.vm.reconfigure", "A VM being configured otherwise"),
        Operation("vcenter.vm.create", "A VM being created"),
        Operation("vcenter.vm.clone", "A VM being cloned"),
        Operation("vcenter.vm.remove", "A VM being removed"),
        Operation("vcenter.vm.ha_restart", "A VM being started again by vSphere HA after its host failed"),
        Operation("vcenter.vm.ha_reset", "A VM being reset by vSphere HA because its guest does not answer"),
        Operation("vcenter.host.maintenance_enter", "An ESXi host entering maintenance mode, until it is empty"),
        Operation("vcenter.host.maintenance_exit", "An ESXi host leaving maintenance mode"),
        Operation("vcenter.task", "Any other task: `vcenter.task.descriptor` says which"),
    ];

    /// <summary>All.</summary>
    public static IReadOnlyList<SpanDescriptor> All { get; } =
    [
        ContainerLife, ContainerCreate, ContainerHealth, ContainerRestarts, PodLife, PodSchedule, PodStart, PodContainerLife, StallWait, StallThrottle, StallBlocked, StallExit, StallStopped,
        .. Operations, OperationPhase, GuestBlackout, GuestRecovery,
    ];

    /// <summary>An operation, by its span's name.</summary>
    /// <param name="name">The name.</param>
    public static SpanDescriptor OperationOf(string name) => Operations.First(each => each.Name == name);

    private static SpanDescriptor Operation(string name, string help) => new(name, help, OfOperation);
}
