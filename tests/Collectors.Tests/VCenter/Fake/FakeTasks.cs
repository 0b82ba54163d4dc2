using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Tasks: queued, started, ended. A collector of tasks tells each once, when it comes to match; its latest page shows it as it is now.</summary>
/// <param name="vcenter">Of this vCenter.</param>
internal sealed class FakeTasks(FakeVCenter vcenter)
{
    private readonly List<FakeTask> kept = [];
    private int lastKey = 100;

    /// <summary>All that are remembered.</summary>
    public IReadOnlyList<FakeTask> Kept
    {
        get
        {
            lock (vcenter.Gate)
                return [.. kept];
        }
    }

    /// <summary>So many are remembered.</summary>
    public int MaxKept { get; set; } = int.MaxValue;

    /// <summary>Those that run, and those that ended in the last ten minutes.</summary>
    internal IEnumerable<ManagedObject> Recent => kept.Where(each => each.Completed is not { } ended || ended > vcenter.Clock.Now - TimeSpan.FromMinutes(10)).Select(each => each.Reference);

    /// <summary>Queues a task, and posts its <c>TaskEvent</c>.</summary>
    /// <param name="descriptionId">What: <c>VirtualMachine.relocate</c>.</param>
    /// <param name="entity">On what.</param>
    /// <param name="user">Who asked for it.</param>
    public FakeTask Queue(string descriptionId, ManagedObject? entity = null, string user = "VSPHERE.LOCAL\\Administrator")
    {
        FakeTask task;
        lock (vcenter.Gate)
        {
            var key = ++lastKey;
            var name = entity is { } of ? vcenter.Inventory.Get(of, "name")?.Text : null;
            var reference = new ManagedObject("Task", $"task-{key}");
            // The event has the task as it is queued: its state there never changes.
            var posted = vcenter.Events.Post(
                "TaskEvent", vm: entity is { Type: "VirtualMachine" } ? entity : null, host: entity is { Type: "HostSystem" } ? entity : null, user: user,
                members: [("info", Values.Of("TaskInfo", ("key", Values.Text(reference.Id)), ("task", Values.Ref(reference)), ("descriptionId", Values.Text(descriptionId)), ("state", Values.Text("queued", "TaskInfoState"))))]);
            task = new FakeTask(key, reference, descriptionId, entity, name, user, posted.ChainId, posted.Created);
            kept.Add(task);
            vcenter.Inventory.Add(reference);
            vcenter.Inventory.FindObject(reference)!.Computed["info"] = () => task.Value;
            while (kept.Count > MaxKept)
                Forget(kept[0]);
            Tell(task);
        }
        vcenter.Pulse();
        return task;
    }

    public void Start(FakeTask task) => Change(task, () => (task.State, task.Started) = ("running", vcenter.Clock.Now));

    /// <summary>Ends it: well, or with a fault.</summary>
    public void End(FakeTask task, string? fault = null, string message = "it failed") => Change(task, () =>
    {
        task.Started ??= vcenter.Clock.Now;
        (task.State, task.Completed, task.Error) = (fault is null ? "success" : "error", vcenter.Clock.Now, fault is null ? null : (fault, message));
    });

    /// <summary>Queues, starts and ends one at once.</summary>
    public FakeTask Run(string descriptionId, ManagedObject? entity = null, string? fault = null)
    {
        var task = Queue(descriptionId, entity);
        Start(task);
        End(task, fault);
        return task;
    }

    /// <param name="session">Whose.</param>
    /// <param name="timeType">Which time the filter is about: <c>queuedTime</c>, <c>startedTime</c>, <c>completedTime</c>.</param>
    /// <param name="begin">From when, inclusive.</param>
    /// <param name="end">Until when, inclusive.</param>
    /// <param name="states">In which states; empty: in any.</param>
    internal ManagedObject CreateCollector(FakeSession session, string timeType, DateTimeOffset? begin, DateTimeOffset? end, IReadOnlyList<string> states)
    {
        lock (vcenter.Gate)
        {
            var collector = new FakeHistoryCollector(FakeEvents.NewReference(session, "TaskHistoryCollector", vcenter.Events.MaxCollectors, vcenter), item => Matches((FakeTask)item, timeType, begin, end, states));
            foreach (var each in kept)
                collector.Offer(each);
            var shown = new FakeObject(collector.Reference, vcenter.Inventory.Schema) { Owner = session };
            shown.Computed["latestPage"] = () => Values.Array("TaskInfo", collector.LatestPage(vcenter.Seed).Select(each => each.Value));
            session.Histories[collector.Reference] = collector;
            session.Objects[collector.Reference] = shown;
            return collector.Reference;
        }
    }

    private void Change(FakeTask task, Action change)
    {
        lock (vcenter.Gate)
        {
            change();
            Tell(task);
        }
        vcenter.Pulse();
    }

    private void Tell(FakeTask task)
    {
        vcenter.Inventory.FindObject(task.Reference)?.Touch("info", vcenter.NextStamp());
        vcenter.Inventory.FindObject(FakeServices.TaskManager)!.Touch("recentTask", vcenter.NextStamp());
        foreach (var session in vcenter.Sessions.All)
        {
            foreach (var (reference, collector) in session.Histories)
            {
                if (reference.Type == "TaskHistoryCollector" && collector.Offer(task))
                    session.Objects[reference].Touch("latestPage", vcenter.NextStamp());
            }
        }
    }

    private void Forget(FakeTask task)
    {
        kept.Remove(task);
        vcenter.Inventory.Remove(task.Reference);
        foreach (var collector in vcenter.Sessions.All.SelectMany(each => each.Histories.Values))
            collector.Forget(task);
    }

    private static bool Matches(FakeTask task, string timeType, DateTimeOffset? begin, DateTimeOffset? end, IReadOnlyList<string> states)
    {
        var time = timeType switch { "startedTime" => task.Started, "completedTime" => task.Completed, _ => task.Queued };
        if ((begin is not null && !(time >= begin)) || (end is not null && !(time <= end)))
            return false;
        return states.Count == 0 || states.Contains(task.State);
    }
}
