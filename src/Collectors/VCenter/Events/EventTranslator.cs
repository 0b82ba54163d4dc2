using System.Globalization;
using Observe.Collectors.Events;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter.Events;

/// <summary>Events as the server gives them, as they are told of: typed, with their time on our clock, and what they are about under attribute names.</summary>
/// <param name="vcenter">The vCenter's name.</param>
/// <param name="clock">When it was that its clock showed something.</param>
/// <param name="inventory">Who is who; null: nobody knows.</param>
internal sealed class EventTranslator(string vcenter, IVCenterClock clock, IVCenterInventory? inventory)
{
    /// <summary>Longest message that is taken over, characters.</summary>
    private const int LongestMessage = 1024;

    /// <summary>Longest of any other text: names in vSphere have 80 characters at most, descriptors and users some more.</summary>
    private const int LongestText = 256;

    /// <summary>Translates one.</summary>
    /// <param name="instanceUuid">The vCenter it is of.</param>
    /// <param name="each">The event.</param>
    public TranslatedEvent Translate(string instanceUuid, VimEvent each)
    {
        var type = Cut(EventKinds.TypeOf(each), LongestText);
        var kind = EventKinds.Of(type);
        var value = each.Value;
        var list = new AttributeList(vcenter, instanceUuid);
        list.Add("vcenter.event.type", type);
        list.Add("vcenter.event.key", each.Key.ToString(CultureInfo.InvariantCulture));
        list.Add("vcenter.event.chain_id", each.ChainId.ToString(CultureInfo.InvariantCulture));
        list.Add("vcenter.event.created_time", value["createdTime"]?.Text is { Length: > 0 } text ? Cut(text, LongestText) : VimTime.Format(each.CreatedTime));
        list.Add("vcenter.event.severity", Text(value["severity"]) ?? kind.Severity);
        list.Add("user.name", Text(value["userName"]));
        list.Add("vcenter.datacenter.name", Name(value["datacenter"]));
        list.Add("vcenter.cluster.name", Name(value["computeResource"]));
        list.Add("vcenter.host.name", Name(value["host"]));
        AddVm(list, value["vm"]);
        list.Add("vcenter.datastore.name", Name(value["ds"] ?? value["datastore"]));
        list.Add("vcenter.source.host.name", Name(value["sourceHost"]));
        list.Add("vcenter.destination.host.name", Name(value["destHost"]));
        list.Add("vcenter.source.datastore.name", Name(value["sourceDatastore"]));
        list.Add("vcenter.destination.datastore.name", Name(value["destDatastore"]));
        AddAlarm(list, each.Type, value);
        list.Add("vcenter.object.name", Text(value["objectName"]));
        list.Add("vcenter.object.type", Text(value["objectType"]));
        list.Add("vcenter.task.id", Text(value["info"]?["key"]));
        list.Add("error.type", Cut(value["reason"]?["fault"]?.Type ?? value["reason"]?.Type ?? value["fault"]?.Type, LongestText));
        list.Add("vcenter.event.message", Cut(value["fullFormattedMessage"]?.Text, LongestMessage));
        return new TranslatedEvent(type, kind, When(each.CreatedTime, value["createdTime"]), VmOf(value), new ObservedEvent(kind.Name, null, list.Attributes));
    }

    /// <summary>When a moment of the server's clock was.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="text">As the server wrote it; null if unknown.</param>
    public UtcInterval When(DateTimeOffset moment, VimValue? text) => clock.ToUtc(moment, TimeResolution.Of(text?.Text));

    /// <summary>Adds a VM's names.</summary>
    /// <param name="list">Where to.</param>
    /// <param name="vm">An event's <c>vm</c>; null if it has none.</param>
    public void AddVm(AttributeList list, VimValue? vm)
    {
        if (vm is null)
            return;
        var known = vm["vm"]?.AsManagedObject is { } reference ? inventory?.Find(reference) : null;
        list.Add("vcenter.vm.name", known?.Name ?? Name(vm));
        list.Add("vcenter.vm.id", known?.InstanceUuid);
    }

    /// <summary>A text, not longer than it may be, and no half of a surrogate pair at its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How long, characters.</param>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Cut(string? text, int longest = LongestText)
    {
        if (text is null || text.Length <= longest)
            return text;
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }

    private static void AddAlarm(AttributeList list, string type, VimValue value)
    {
        list.Add("vcenter.alarm.name", Name(value["alarm"]));
        list.Add("vcenter.alarm.entity.name", Name(value["entity"]));
        list.Add("vcenter.alarm.entity.type", value["entity"]?["entity"]?.AsManagedObject?.Type);
        if (type != "AlarmStatusChangedEvent" && !type.EndsWith("StatusChangedEvent", StringComparison.Ordinal))
            return;
        list.Add(type[0] == 'A' ? "vcenter.alarm.from" : "vcenter.status.from", Text(value["from"] ?? value["oldStatus"]));
        list.Add(type[0] == 'A' ? "vcenter.alarm.to" : "vcenter.status.to", Text(value["to"] ?? value["status"]));
    }

    private static string? Text(VimValue? value) => value is { Members.Count: 0 } ? Cut(value.Text) : null;

    private static string? Name(VimValue? argument) => Text(argument?["name"]);

    private static string? VmOf(VimValue value) => value["vm"]?["vm"]?.AsManagedObject?.Id;
}
