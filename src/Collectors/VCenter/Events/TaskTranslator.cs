using Observe.Collectors.Events;
using Observe.Collectors.Traces.Operations;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter.Events;

/// <summary>Tasks' starts and ends, as they are told of.</summary>
/// <param name="vcenter">The vCenter's name.</param>
/// <param name="inventory">Who is who; null: nobody knows.</param>
/// <param name="events">How moments and texts are taken over.</param>
internal sealed class TaskTranslator(string vcenter, IVCenterInventory? inventory, EventTranslator events)
{
    /// <summary>Longest message of an error that is taken over, characters.</summary>
    private const int LongestMessage = 1024;

    /// <summary>Translates one.</summary>
    /// <param name="instanceUuid">The vCenter it is of.</param>
    /// <param name="task">The task.</param>
    /// <param name="moment">When it was begun or ended.</param>
    /// <param name="isEnd">Its end; else its start.</param>
    public (UtcInterval When, ObservedEvent What) Translate(string instanceUuid, ObservedTask task, DateTimeOffset moment, bool isEnd)
    {
        var info = task.Info;
        var list = new AttributeList(vcenter, instanceUuid);
        list.Add("vcenter.task.id", task.Key);
        list.Add("vcenter.task.descriptor", EventTranslator.Cut(task.Descriptor));
        list.Add("vcenter.event.chain_id", EventTranslator.Cut(info["eventChainId"]?.Text));
        list.Add("vcenter.task.parent.id", EventTranslator.Cut(info["parentTaskKey"]?.Text));
        list.Add("vcenter.event.created_time", VimTime.Format(moment));
        list.Add("user.name", EventTranslator.Cut(info["reason"]?["userName"]?.Text));
        var entity = info["entity"]?.AsManagedObject;
        var known = entity is { } reference ? inventory?.Find(reference) : null;
        var name = known?.Name ?? EventTranslator.Cut(info["entityName"]?.Text);
        list.Add("vcenter.object.type", entity?.Type);
        list.Add("vcenter.object.name", name);
        if (entity?.Type == "VirtualMachine")
        {
            list.Add("vcenter.vm.name", name);
            list.Add("vcenter.vm.id", known?.InstanceUuid);
        }
        else if (entity?.Type == "HostSystem")
        {
            list.Add("vcenter.host.name", name);
        }
        if (isEnd && !task.IsSuccess)
        {
            var error = info["error"];
            list.Add("vcenter.event.severity", "error");
            list.Add("error.type", EventTranslator.Cut(error?["fault"]?.Type ?? error?.Type));
            list.Add("vcenter.event.message", EventTranslator.Cut(error?["localizedMessage"]?.Text, LongestMessage));
        }
        var text = isEnd ? info["completeTime"] ?? info["startTime"] ?? info["queueTime"] : info["startTime"];
        var what = !isEnd ? "vcenter.task.started" : task.IsSuccess ? "vcenter.task.succeeded" : "vcenter.task.failed";
        var began = isEnd && task.Started is { } started ? events.When(started, info["startTime"]) : (UtcInterval?)null;
        return (events.When(moment, text), new TaskEvent(what, list.Attributes, began));
    }
}
