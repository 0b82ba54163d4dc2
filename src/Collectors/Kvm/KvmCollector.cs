using Microsoft.Extensions.Logging;
using Observe.Bpf;
using Observe.Collectors.Identity;
using Observe.Collectors.Kvm.Exits;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm;

/// <summary>
/// Virtual machines of this host. Costs nothing until KVM is there; then hooks its exits, beside the scheduler ledger whose
/// records it shares, and again when the ledger was started anew.
/// </summary>
public sealed partial class KvmCollector : ICollector, IAttachesPrograms, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(10);
    private static readonly CollectResult NoKvm = CollectResult.NoData("KVM is not loaded: no virtual machines here");
    private static readonly CollectResult NotAttached = CollectResult.Failed("exits are not hooked");

    /// <summary>The half of KVM that runs guests; the other, kvm, is there without it where nothing can run. On arm64 there is one.</summary>
    private static readonly string[] Modules = ["kvm_intel", "kvm_amd"];

    private readonly KvmOptions options;
    private readonly string objectPath;
    private readonly SchedCollector? sched;
    private readonly WorkloadRegistry registry;
    private readonly ExemplarStore exemplars;
    private readonly Resource host;
    private readonly string proc;
    private readonly string sys;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly AgentPrivileges? privileges;
    private readonly Lock gate = new();
    private readonly List<string> refused = [];
    private Running? running;
    private string? failure;
    private string? remedy;
    private long retryAt;
    private TimeSpan retryAfter = FirstRetry;
    private bool disposed;

    /// <summary>Prepares; nothing is loaded until the first collection.</summary>
    /// <param name="options">What the user wants.</param>
    /// <param name="objectPath">The compiled <c>kvm.bpf.o</c>.</param>
    /// <param name="sched">Whose ledger knows when a vCPU's thread is not on a CPU; null if it is switched off.</param>
    /// <param name="registry">Who a cgroup is.</param>
    /// <param name="exemplars">Spans that tell of single exits.</param>
    /// <param name="host">Whose the series about the hooks are.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="sys">Where sysfs is mounted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where the start, refusals and recoveries go.</param>
    /// <param name="privileges">Whether programs can still be loaded; null if that never changes.</param>
    public KvmCollector(
        KvmOptions options, string objectPath, SchedCollector? sched, WorkloadRegistry registry, ExemplarStore exemplars, Resource host, string proc, string sys, TimeProvider time, ILogger<KvmCollector> logger,
        AgentPrivileges? privileges = null)
    {
        this.options = options;
        this.objectPath = objectPath;
        this.sched = sched;
        this.registry = registry;
        this.exemplars = exemplars;
        this.host = host;
        this.proc = proc;
        this.sys = sys;
        this.time = time;
        this.logger = logger;
        this.privileges = privileges;
    }

    /// <inheritdoc/>
    public string Name => "kvm";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status
    {
        get
        {
            lock (gate)
                return [.. Describe()];
        }
    }

    /// <inheritdoc/>
    public bool IsWaitingToAttach
    {
        get
        {
            lock (gate)
                return running is null && sched is not null && HasKvm;
        }
    }

    /// <summary>Whether this kernel can run virtual machines, now.</summary>
    private bool HasKvm => Array.Exists(Modules, module => Directory.Exists($"{sys}/module/{module}"))
        || (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 && Directory.Exists($"{sys}/module/kvm"));

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (running is null && !HasKvm)
                return ValueTask.FromResult(NoKvm);
            if (!TryStart())
                return ValueTask.FromResult(NotAttached);
            running!.Export(builder);
            return ValueTask.FromResult(CollectResult.Ok);
        }
    }

    /// <summary>Detaches and unloads: nothing is left in the kernel.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            running?.Dispose();
            running = null;
        }
    }

    private bool TryStart()
    {
        var ledger = sched?.RunningLedger;
        if (running is not null && ReferenceEquals(running.Ledger, ledger))
            return true;
        running?.Dispose();
        running = null;
        if (ledger is null)
        {
            (failure, remedy) = ("the scheduler ledger does not run, and without it nobody knows when a vCPU is not on a CPU", "see the ledger's own row, or do without hooks: collectors.kvm.tier=stats");
            return false;
        }
        if (privileges is { AreGivenUp: true })
        {
            if (failure is null)
                Log.TooLate(logger);
            (failure, remedy) = ("KVM was loaded after the agent had given up its privileges (privileges.drop is attached): exits are not hooked", "restart the agent; where virtual machines are run, load KVM before it, or set privileges.drop to never");
            return false;
        }
        if (retryAt != 0 && time.GetTimestamp() < retryAt)
            return false;
        refused.Clear();
        try
        {
            running = new Running(KvmExits.Start(objectPath, sys, ledger, options.Vcpus, refused), ledger, registry, exemplars, host, proc, time);
            (failure, remedy, retryAt, retryAfter) = (null, null, 0, FirstRetry);
            Log.Started(logger, running.Exits.Hooks.ToString(), options.Vcpus);
            foreach (var refusal in refused)
                Log.Refused(logger, refusal);
            return true;
        }
        catch (Exception error) when (error is BpfException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            (failure, remedy) = error is BpfException refusal
                ? (refusal.Cause, refusal.Remedy ?? "report this, with what 'observe run --set log.level=debug' says")
                : (error.Message, "see docs/virtual-machines.md, or do without hooks: collectors.kvm.tier=stats");
            retryAt = time.GetTimestamp() + (long)(retryAfter.TotalSeconds * time.TimestampFrequency);
            retryAfter = retryAfter * 2 < LastRetry ? retryAfter * 2 : LastRetry;
            Log.Failed(logger, failure, remedy);
            Log.FailedInFull(logger, error);
            return false;
        }
    }

    private IEnumerable<ComponentStatus> Describe()
    {
        if (running is null)
        {
            yield return failure is not null
                ? new ComponentStatus("kvm exits", StatusLevel.Degraded, failure, remedy)
                : new ComponentStatus("kvm exits", StatusLevel.Absent, HasKvm ? "not hooked yet" : "KVM is not loaded");
            yield break;
        }
        yield return new ComponentStatus("kvm exits", StatusLevel.Ok, $"{running.Exits.Hooks}, {options.Vcpus} vCPUs at most");
        foreach (var refusal in refused)
            yield return new ComponentStatus("kvm variant", StatusLevel.Absent, $"refused: {refusal}");
        foreach (var program in running.Exits.Programs)
            yield return new ComponentStatus($"program {program.Name}", StatusLevel.Ok, $"attached to {program.Hook}");
    }

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Information, "KVM hooked: {Hooks}; {Vcpus} vCPUs at most", EventName = "KvmStarted")]
        public static partial void Started(ILogger logger, string hooks, int vcpus);

        [LoggerMessage(61, LogLevel.Warning, "the kernel refused a better way to hook KVM: {Refusal}", EventName = "KvmVariantRefused")]
        public static partial void Refused(ILogger logger, string refusal);

        [LoggerMessage(62, LogLevel.Error, "KVM not hooked: {Reason}; {Remedy} (tried again from time to time)", EventName = "KvmFailed")]
        public static partial void Failed(ILogger logger, string reason, string remedy);

        [LoggerMessage(64, LogLevel.Warning, "KVM was loaded after privileges were given up: exits are not hooked until the agent is restarted", EventName = "KvmTooLate")]
        public static partial void TooLate(ILogger logger);

        [LoggerMessage(63, LogLevel.Debug, "what was said when KVM was not hooked", EventName = "KvmFailedInFull")]
        public static partial void FailedInFull(ILogger logger, Exception error);
    }
}
