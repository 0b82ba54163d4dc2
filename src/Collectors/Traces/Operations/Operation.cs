using System.Diagnostics;
using Observe.Collectors.Events;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Operations;

/// <summary>One operation of a vCenter, as its events and tasks tell: those of one chain.</summary>
internal sealed partial class Operation
{
    /// <summary>Types of events that are kept; an operation has some ten.</summary>
    private const int MostTypes = 32;

    /// <summary>The number of no chain.</summary>
    public const string NoChain = "0";

    private readonly string[] key;
    private readonly Dictionary<string, string> attributes = new(StringComparer.Ordinal);
    private readonly List<string> types = [];
    private readonly HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, bool> tasks = new(StringComparer.Ordinal);
    private SpanDescriptor? ofTask;
    private SpanDescriptor? ofEvent;
    private bool hasBegun;
    private bool hasEnded;
    private bool isGivenUp;
    private long facts;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="vcenter">The vCenter's instance UUID; of an ESXi host its name.</param>
    /// <param name="chain">The operation's number.</param>
    public Operation(string vcenter, string chain)
    {
        key = [vcenter, chain];
        Trace = SpanIds.Trace("vcenter.operation", vcenter, chain);
        Span = SpanIds.Span("vcenter.operation", vcenter, chain);
    }

    /// <summary>Its trace: the same for every agent.</summary>
    public ActivityTraceId Trace { get; }

    /// <summary>Its span, likewise.</summary>
    public ActivitySpanId Span { get; }

    /// <summary>From its first event to its last, as it is exported: what is learnt later does not change it.</summary>
    public Extent Extent { get; private set; }

    /// <summary>When it was last heard of, on the clock of whoever holds it.</summary>
    public TimeSpan HeardAt { get; private set; }

    /// <summary>What it is.</summary>
    public SpanDescriptor Kind => ofEvent ?? ofTask ?? OperationKinds.Other;

    /// <summary>Whether it moves a virtual machine that runs.</summary>
    public bool IsMigration => Kind.Name == "vcenter.vm.migrate";

    /// <summary>Whether all of it has been told: the end of each task, or of what has none its last event.</summary>
    public bool IsOver => isGivenUp || (tasks.Count > 0 ? !tasks.ContainsValue(false) : hasEnded || !hasBegun);

    /// <summary>Whether an event said that it ended, whatever its tasks do.</summary>
    public bool HasEnded => hasEnded;

    /// <summary>Whether it has been exported: what is learnt from now on corrects it.</summary>
    public bool IsExported { get; set; }

    /// <summary>Corrections so far.</summary>
    public int Corrections { get; set; }

    /// <summary>Its tasks' numbers.</summary>
    public IEnumerable<string> Tasks => tasks.Keys;

    /// <summary>What tells it from others.</summary>
    public ReadOnlySpan<string> Key => key;

    /// <summary>The VM's instance UUID; null if it is of none, or that is not known.</summary>
    public string? MachineId => attributes.GetValueOrDefault("vcenter.vm.id");

    /// <summary>The VM's name.</summary>
    public string? MachineName => attributes.GetValueOrDefault("vcenter.vm.name");

    /// <summary>Whether it is about an ESXi host: from it, to it, on it.</summary>
    /// <param name="name">The host's name.</param>
    public bool IsOnHost(string name) => hosts.Contains(name);

    /// <summary>Nobody will tell of its end any more.</summary>
    public void GiveUp() => isGivenUp = true;

    /// <summary>Takes an event of it in.</summary>
    /// <param name="what">The event.</param>
    /// <param name="when">When it was.</param>
    /// <param name="now">Now, on the clock of whoever holds it.</param>
    public void Take(ObservedEvent what, UtcInterval when, TimeSpan now)
    {
        HeardAt = now;
        Count(when);
        var role = OperationKinds.RoleOf(what.Name);
        var task = Merge(what.Attributes);
        hasBegun |= role == OperationRole.Begin;
        hasEnded |= role is OperationRole.End or OperationRole.Failure;
        ofEvent ??= OperationKinds.OfEvent(what.Name);
        if (role is OperationRole.Failure or OperationRole.TaskFailed)
            Fail(what.Attributes);
        if (role is OperationRole.TaskQueued or OperationRole.TaskStarted or OperationRole.TaskSucceeded or OperationRole.TaskFailed)
            TakeTask(task ?? "", role, what);
        Mark(role, when);
    }

    private void TakeTask(string task, OperationRole role, ObservedEvent what)
    {
        var isOver = role is OperationRole.TaskSucceeded or OperationRole.TaskFailed;
        // The start may be told after the end: of one that was over when it was first read about.
        tasks[task] = isOver || tasks.GetValueOrDefault(task);
        if (attributes.TryGetValue("vcenter.task.descriptor", out var descriptor) && (ofTask is null || ofTask == OperationKinds.Other))
            ofTask = OperationKinds.OfTask(descriptor);
        ofTask ??= OperationKinds.Other;
        if (what is TaskEvent { Began: { } began })
        {
            // What a start that was told to another life of the agent would have said.
            if (!IsExported)
                Extent = Extent.With(began);
            Mark(OperationRole.TaskStarted, began);
        }
    }

    /// <returns>The task, if one is named.</returns>
    private string? Merge(IReadOnlyList<KeyValuePair<string, string>> told)
    {
        string? task = null;
        foreach (var (name, value) in told)
        {
            switch (name)
            {
                case "vcenter.task.id":
                    task = value;
                    break;
                case "vcenter.event.type" when types.Count < MostTypes && !types.Contains(value):
                    types.Add(value);
                    break;
                case "vcenter.host.name" or "vcenter.source.host.name" or "vcenter.destination.host.name":
                    hosts.Add(value);
                    break;
            }
            if (Shown.Contains(name) && (name != "vcenter.event.chain_id" || value != NoChain))
                attributes.TryAdd(name, value);
        }
        return task;
    }

    private void Count(UtcInterval when)
    {
        if (!IsExported)
            Extent = facts > 0 ? Extent.With(when) : Extent.Of(when);
        facts++;
    }
}
