using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Operations;

/// <summary>Operations of vCenters: under way, over, and exported of late. One thread at a time.</summary>
/// <param name="location">Which virtual machine this host is.</param>
/// <param name="timings">How long is waited.</param>
/// <param name="emit">Where spans go.</param>
/// <param name="losses">Where what finds no room is counted.</param>
internal sealed class OperationBook(GuestLocation location, TraceTimings timings, Action<ObservedSpan> emit, LossCounters losses)
{
    /// <summary>Operations remembered, exported ones too: some 3 kB each.</summary>
    private const int Capacity = 4096;

    /// <summary>Of one operation: a server that goes on telling of one has said all that matters.</summary>
    private const int MostCorrections = 16;

    /// <summary>Exported ones are remembered for so long, to know what corrects them and what happened during them.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string VCenter, string Chain), Operation> all = [];
    private readonly LossCounter full = losses.Counter("trace_operation_dropped");
    private readonly Dictionary<(string VCenter, string Task), (string VCenter, string Chain)> byTask = [];
    private readonly List<(string, string)> done = [];
    private readonly List<Operation> here = [];
    private GuestPlace? place;

    /// <summary>Told of each operation when it is exported.</summary>
    public Action<Operation, TimeSpan>? Exported { get; init; }

    /// <summary>Operations remembered.</summary>
    public int Count => all.Count;

    /// <summary>Takes an event in, if it is one of a vCenter.</summary>
    /// <param name="what">The event.</param>
    /// <param name="when">When it was.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void Take(ObservedEvent what, UtcInterval when, TimeSpan now)
    {
        if (KeyOf(what) is not var (key, task))
            return;
        // Some servers tell a task's chain with some of its events only: then the task tells.
        if (task is not null && byTask.TryGetValue((key.VCenter, task), out var known))
            key = known;
        if (!all.TryGetValue(key, out var operation))
        {
            if (OperationKinds.RoleOf(what.Name) == OperationRole.Mention)
                return;
            if (all.Count >= Capacity && !MakeRoom())
            {
                full.Add();
                return;
            }
            all.Add(key, operation = new Operation(key.VCenter, key.Chain));
        }
        if (task is not null)
            byTask[(key.VCenter, task)] = key;
        operation.Take(what, when, now);
        if (operation.IsExported && operation.Corrections < MostCorrections)
            emit(operation.ToCorrection(Extent.Of(when)));
    }

    /// <summary>Exports what is over.</summary>
    /// <param name="now">A moment of the same clock.</param>
    /// <param name="isEnding">Whether there will be no other.</param>
    public void Advance(TimeSpan now, bool isEnding = false)
    {
        place = all.Count > 0 ? location.Current : null;
        foreach (var (key, operation) in all)
        {
            var silence = now - operation.HeardAt;
            if (operation.IsExported)
            {
                if (silence >= Memory)
                    done.Add(key);
                continue;
            }
            // At the agent's end not: the next one is told of its end, and from when on it was.
            if (!operation.IsOver && !isEnding && silence >= (operation.HasEnded ? timings.TaskPatience : timings.LongestOperation))
                operation.GiveUp();
            if (operation.IsOver && (isEnding || silence >= timings.Settle))
                Export(operation, now);
        }
        foreach (var key in done)
            Forget(key);
        done.Clear();
        here.Clear();
        if (place is not null)
            here.AddRange(all.Values.Where(IsHere));
    }

    /// <summary>Operations, as of the last advance, on this host's virtual machine, or on the ESXi host that it runs on, which may have been at the same time as something.</summary>
    /// <param name="extent">When that was.</param>
    public IEnumerable<Operation> OfThisHost(Extent extent) =>
        here.Count == 0 ? [] : here.Where(each => MayOverlap(each, extent));

    /// <summary>Whether an operation is one on this host's virtual machine.</summary>
    /// <param name="operation">The operation.</param>
    public bool IsOfThisMachine(Operation operation) =>
        place is not null && (operation.MachineId is { } id && place.MachineId is { } own ? id == own : operation.MachineName == place.MachineName);

    /// <summary>What happens to the ESXi host happens to all that run on it.</summary>
    private bool IsHere(Operation operation) =>
        IsOfThisMachine(operation) || (operation.MachineName is null && place!.HostName is { } host && operation.IsOnHost(host));

    /// <summary>One that goes on may overlap anything after its beginning.</summary>
    private static bool MayOverlap(Operation operation, Extent extent) =>
        operation.IsOver ? operation.Extent.MayOverlap(extent) : !extent.End.IsBefore(operation.Extent.Begin);

    private void Forget((string VCenter, string Chain) key)
    {
        if (!all.Remove(key, out var operation))
            return;
        foreach (var task in operation.Tasks)
            byTask.Remove((key.VCenter, task));
    }

    private static ((string VCenter, string Chain) Key, string? Task)? KeyOf(ObservedEvent what)
    {
        if (!what.Name.StartsWith("vcenter.", StringComparison.Ordinal))
            return null;
        string? name = null, uuid = null, chain = null, task = null;
        foreach (var (key, value) in what.Attributes)
        {
            switch (key)
            {
                case "vcenter":
                    name = value;
                    break;
                case "vcenter.instance_uuid":
                    uuid = value;
                    break;
                case "vcenter.event.chain_id" when value != Operation.NoChain:
                    chain = value;
                    break;
                case "vcenter.task.id":
                    task = value;
                    break;
            }
        }
        // A server without chains has tasks all the same.
        return (uuid ?? name) is { } vcenter && (chain ?? task) is { } number ? ((vcenter, number), task) : null;
    }

    private void Export(Operation operation, TimeSpan now)
    {
        operation.IsExported = true;
        foreach (var span in operation.ToSpans())
            emit(span);
        Exported?.Invoke(operation, now);
    }

    /// <summary>Forgets what was exported longest ago.</summary>
    private bool MakeRoom()
    {
        var oldest = all.Where(each => each.Value.IsExported).OrderBy(each => each.Value.HeardAt).Take(Capacity / 8).Select(each => each.Key).ToArray();
        foreach (var key in oldest)
            Forget(key);
        return oldest.Length > 0;
    }
}
