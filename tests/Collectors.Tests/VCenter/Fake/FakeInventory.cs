using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>All objects that are no session's, and their properties. What is added here is complete enough to be read; tests set the rest.</summary>
/// <param name="vcenter">Of this vCenter.</param>
internal sealed partial class FakeInventory(FakeVCenter vcenter)
{
    private readonly Dictionary<ManagedObject, FakeObject> objects = [];

    /// <summary>Properties that objects have.</summary>
    public FakeSchema Schema { get; } = new();

    /// <summary>Whether changes of list elements are told as such (<c>triggeredAlarmState["alarm-1.vm-2"]</c>), or with the whole list.</summary>
    public bool TellsElements { get; set; } = true;

    /// <summary>Counts changes of which objects there are and where.</summary>
    internal long Shape { get; private set; }

    public static ManagedObject RootFolder => FakeServices.RootFolder;

    /// <summary>All of a type, or derived from it.</summary>
    public IReadOnlyList<ManagedObject> All(string type)
    {
        lock (vcenter.Gate)
            return [.. objects.Keys.Where(each => FakeTypes.Is(each.Type, type)).OrderBy(each => each.Id, StringComparer.Ordinal)];
    }

    public bool Contains(ManagedObject reference)
    {
        lock (vcenter.Gate)
            return objects.ContainsKey(reference);
    }

    /// <summary>What a property is now; null if it is unset.</summary>
    public VimValue? Get(ManagedObject of, string path)
    {
        lock (vcenter.Gate)
            return Need(of).Get(path);
    }

    /// <summary>Adds an object, with properties by their paths.</summary>
    public ManagedObject Add(ManagedObject reference, params ReadOnlySpan<(string Path, VimValue? Value)> properties)
    {
        lock (vcenter.Gate)
        {
            var added = new FakeObject(reference, Schema);
            foreach (var (path, value) in properties)
                added.Set(path, value, vcenter.NextStamp());
            objects.Add(reference, added);
            Shape = vcenter.NextStamp();
        }
        vcenter.Pulse();
        return reference;
    }

    /// <summary>Removes an object. What refers to it is the test's to set, but for what the helpers linked.</summary>
    public void Remove(ManagedObject reference)
    {
        lock (vcenter.Gate)
        {
            Unlink(reference);
            if (!objects.Remove(reference))
                throw new ArgumentException($"{reference} is not there");
            Shape = vcenter.NextStamp();
        }
        vcenter.Pulse();
    }

    /// <summary>Sets properties, or unsets them with null. All are seen at once.</summary>
    public void Set(ManagedObject of, params ReadOnlySpan<(string Path, VimValue? Value)> properties)
    {
        lock (vcenter.Gate)
        {
            var target = Need(of);
            foreach (var (path, value) in properties)
            {
                target.Set(path, value, vcenter.NextStamp());
                if (path == "parent")
                    Shape = vcenter.NextStamp();
            }
        }
        vcenter.Pulse();
    }

    public void Set(ManagedObject of, string path, VimValue? value) => Set(of, (path, value));

    /// <summary>A text; an enumeration's value too, where the type is given.</summary>
    public void Set(ManagedObject of, string path, string value, string type = "string") => Set(of, (path, Values.Text(value, type)));

    public void Set(ManagedObject of, string path, ManagedObject value) => Set(of, (path, Values.Ref(value)));

    public void Set(ManagedObject of, string path, bool value) => Set(of, (path, Values.Bool(value)));

    public void Set(ManagedObject of, string path, int value) => Set(of, (path, Values.Int(value)));

    public void Set(ManagedObject of, string path, long value) => Set(of, (path, Values.Long(value)));

    /// <summary>Sets an element of a list, or takes it away with null.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="path">The list: <c>triggeredAlarmState</c>.</param>
    /// <param name="element">Type of its elements: <c>AlarmState</c>.</param>
    /// <param name="key">The element's key.</param>
    /// <param name="value">The element, with its <c>key</c> among its members.</param>
    public void SetElement(ManagedObject of, string path, string element, string key, VimValue? value)
    {
        lock (vcenter.Gate)
            Need(of).SetElement(path, element, key, value, TellsElements, vcenter.NextStamp());
        vcenter.Pulse();
    }

    /// <summary>A property may not be read any more, or may again.</summary>
    public void Deny(ManagedObject of, string path, bool isDenied = true)
    {
        lock (vcenter.Gate)
        {
            var target = Need(of);
            if (isDenied)
                target.Denied.Add(path);
            else
                target.Denied.Remove(path);
            target.Touch(path, vcenter.NextStamp());
        }
        vcenter.Pulse();
    }

    internal FakeObject? FindObject(ManagedObject reference) => objects.GetValueOrDefault(reference);

    /// <summary>Entities of some types beneath a container.</summary>
    internal IReadOnlyList<FakeObject> Beneath(ManagedObject container, IReadOnlyCollection<string> types, bool isRecursive)
    {
        var found = new List<FakeObject>();
        foreach (var (reference, each) in objects)
        {
            if (reference != container && FakeTypes.Is(reference.Type, "ManagedEntity") && (types.Count == 0 || types.Any(type => FakeTypes.Is(reference.Type, type))) && IsBeneath(each, container, isRecursive))
                found.Add(each);
        }
        return found;
    }

    /// <summary>Something that filters reach came or went.</summary>
    internal void Reshape() => Shape = vcenter.NextStamp();

    internal void AddServices()
    {
        foreach (var each in (ManagedObject[])[FakeServices.SessionManager, FakeServices.PropertyCollector, FakeServices.ViewManager, FakeServices.EventManager, FakeServices.TaskManager, FakeServices.PerfManager, FakeServices.Setting, FakeServices.AlarmManager])
            Add(each);
        Add(FakeServices.RootFolder, ("name", Values.Text("Datacenters")), ("overallStatus", Values.Text("green", "ManagedEntityStatus")));
        Add(FakeServices.ServiceInstance);
        objects[FakeServices.ServiceInstance].Computed["content"] = () => ContentValue.Of(vcenter.Content);
        objects[FakeServices.ServiceInstance].Computed["serverClock"] = () => Values.Time(vcenter.Clock.Now);
        objects[FakeServices.EventManager].Computed["maxCollector"] = () => Values.Int(vcenter.Events.MaxCollectors);
        objects[FakeServices.EventManager].Computed["latestEvent"] = () => vcenter.Events.Latest?.Value;
        objects[FakeServices.TaskManager].Computed["maxCollector"] = () => Values.Int(vcenter.Events.MaxCollectors);
        objects[FakeServices.TaskManager].Computed["recentTask"] = () => Values.Refs(vcenter.Tasks.Recent);
        objects[FakeServices.PerfManager].Computed["perfCounter"] = () => vcenter.Performance.CountersValue;
    }

    private FakeObject Need(ManagedObject reference) => objects.GetValueOrDefault(reference) ?? throw new ArgumentException($"{reference} is not there");

    private bool IsBeneath(FakeObject each, ManagedObject container, bool isRecursive)
    {
        if (isRecursive && container == FakeServices.RootFolder)
            return true;
        for (var at = each; at is not null;)
        {
            var parent = (at.Get("parent") ?? at.Get("parentVApp"))?.AsManagedObject;
            if (parent == container)
                return true;
            at = parent is { } above && isRecursive ? objects.GetValueOrDefault(above) : null;
        }
        return false;
    }
}
