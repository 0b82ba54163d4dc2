using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>What answers mean. What has not what it must have is left out, or null.</summary>
internal static class VimReading
{
    /// <summary>A service content.</summary>
    /// <param name="value">The answer.</param>
    public static ServiceContent? Content(VimValue value)
    {
        if (value["about"] is not { } about || Object(value, "rootFolder") is not { } root || Object(value, "propertyCollector") is not { } properties || Object(value, "sessionManager") is not { } sessions)
            return null;
        string Text(string name) => about[name]?.Text ?? "";
        return new ServiceContent(
            new AboutInfo(Text("fullName"), Text("version"), Text("build"), Text("apiType"), Text("apiVersion"), Text("instanceUuid")), root, properties,
            Object(value, "viewManager"), sessions, Object(value, "perfManager"), Object(value, "eventManager"), Object(value, "taskManager"), Object(value, "setting"));
    }

    /// <summary>Properties of one object.</summary>
    /// <param name="returned">The answer.</param>
    public static Dictionary<string, VimValue> Properties(IReadOnlyList<VimValue> returned)
    {
        var properties = new Dictionary<string, VimValue>(StringComparer.Ordinal);
        foreach (var property in returned.SelectMany(each => each.All("objects")).SelectMany(each => each.All("propSet")))
        {
            if (property["name"] is { } name && property["val"] is { } value)
                properties[name.Text] = value;
        }
        return properties;
    }

    /// <summary>Updates.</summary>
    /// <param name="value">The answer.</param>
    public static UpdateSet? Updates(VimValue value) => value["version"] is not { } version ? null : new UpdateSet(
        version.Text, value["truncated"]?.AsBoolean ?? false, [.. value.All("filterSet").SelectMany(each => each.All("objectSet")).Select(Update).OfType<ObjectUpdate>()]);

    /// <summary>Performance counters.</summary>
    /// <param name="value">The property.</param>
    public static IReadOnlyList<PerfCounter> Counters(VimValue value)
    {
        var counters = new List<PerfCounter>(value.Members.Count);
        foreach (var each in value.Elements)
        {
            if (each["key"]?.AsInt64 is { } id)
                counters.Add(new PerfCounter((int)id, $"{Key(each, "groupInfo")}.{Key(each, "nameInfo")}.{each["rollupType"]?.Text}", Key(each, "unitInfo"), each["statsType"]?.Text ?? ""));
        }
        return counters;
    }

    /// <summary>The samples of one entity.</summary>
    /// <param name="value">An element of the answer.</param>
    /// <param name="instances">Names of instances that were met, for one string each.</param>
    public static PerfEntitySamples? Samples(VimValue value, Dictionary<string, string> instances)
    {
        if (Object(value, "entity") is not { } entity)
            return null;
        var times = new List<DateTimeOffset>(1);
        var series = new List<PerfSeries>(value.Members.Count);
        foreach (var (name, member) in value.Members)
        {
            if (name == "sampleInfo")
                times.Add(member["timestamp"]?.AsTime ?? DateTimeOffset.MinValue);
            else if (name == "value" && Series(member, instances) is { } read)
                series.Add(read);
        }
        return new PerfEntitySamples(entity, times, series);
    }

    /// <summary>Events.</summary>
    /// <param name="returned">The answer.</param>
    public static IReadOnlyList<VimEvent> Events(IReadOnlyList<VimValue> returned)
    {
        var events = new List<VimEvent>(returned.Count);
        foreach (var each in returned)
        {
            if (each["key"]?.AsInt64 is { } key && each["createdTime"]?.AsTime is { } created)
                events.Add(new VimEvent(each.Type ?? "Event", (int)key, (int)(each["chainId"]?.AsInt64 ?? key), created, each));
        }
        return events;
    }

    private static PerfSeries? Series(VimValue value, Dictionary<string, string> instances)
    {
        if (value["id"] is not { } id || id["counterId"]?.AsInt64 is not { } counter)
            return null;
        var values = new long[value.Members.Count(static each => each.Key == "value")];
        var at = 0;
        foreach (var (name, number) in value.Members)
        {
            if (name == "value")
                values[at++] = number.AsInt64 ?? -1;
        }
        var instance = id["instance"]?.Text ?? "";
        if (!instances.TryGetValue(instance, out var known))
            instances.Add(instance, known = instance);
        return new PerfSeries((int)counter, known, values);
    }

    private static ObjectUpdate? Update(VimValue value) => Object(value, "obj") is not { } changed ? null : new ObjectUpdate(
        value["kind"]?.Text ?? "", changed,
        [.. value.All("changeSet").Select(each => new PropertyChange(each["name"]?.Text ?? "", each["op"]?.Text ?? "", each["val"]))],
        [.. value.All("missingSet").Select(each => KeyValuePair.Create(each["path"]?.Text ?? "", each["fault"]?["fault"]?.Type ?? ""))]);

    private static string Key(VimValue value, string name) => value[name]?["key"]?.Text ?? "";

    private static ManagedObject? Object(VimValue value, string name) => value[name]?.AsManagedObject;
}
