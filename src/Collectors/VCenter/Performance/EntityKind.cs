namespace Observe.Collectors.VCenter.Performance;

/// <summary>A type of things that have samples: what is asked of them, and what is made of it.</summary>
internal sealed class EntityKind
{
    private readonly Dictionary<string, SampleLayout> objects;

    /// <summary>Makes the layouts.</summary>
    /// <param name="type">The type: <c>VirtualMachine</c>.</param>
    /// <param name="counters">What is asked.</param>
    /// <param name="options">What is wanted of it.</param>
    public EntityKind(string type, IReadOnlyList<CounterUse> counters, PerformanceOptions options)
    {
        Type = type;
        Counters = [.. counters.Select(each => each with { Series = [.. each.Series.Where(use => options.Detail || !use.IsDetail)] }).Where(each => each.Series.Length > 0)];
        Total = new SampleLayout(Counters, (index, _) => !Counters[index].IsOfObjects);
        objects = Counters.Where(WithObjects).Select(each => each.Group).Distinct().ToDictionary(
            group => group, group => new SampleLayout(Counters, (index, use) => use.HasObject && Counters[index].Group == group && WithObjects(Counters[index])));

        bool WithObjects(CounterUse counter) => counter.IsOfObjects || (options.Instances && counter.Series.Any(use => use.HasObject));
    }

    /// <summary>The type.</summary>
    public string Type { get; }

    /// <summary>What is asked.</summary>
    public IReadOnlyList<CounterUse> Counters { get; }

    /// <summary>Of the thing itself.</summary>
    public SampleLayout Total { get; }

    /// <summary>Of its objects; null if they are not wanted.</summary>
    /// <param name="group">What they are: <c>net</c>.</param>
    public SampleLayout? ObjectsOf(string group) => objects.GetValueOrDefault(group);

    /// <summary>How a counter is asked: for the total, for all objects, or both.</summary>
    /// <param name="counter">The counter.</param>
    public string[] InstancesOf(CounterUse counter) => (counter.IsOfObjects, ObjectsOf(counter.Group) is not null && counter.Series.Any(use => use.HasObject)) switch
    {
        (true, _) => ["*"],
        (false, true) => ["", "*"],
        _ => [""],
    };
}
