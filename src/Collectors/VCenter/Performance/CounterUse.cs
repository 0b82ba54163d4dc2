namespace Observe.Collectors.VCenter.Performance;

/// <summary>A performance counter, and the series that are made of it.</summary>
/// <param name="Name"><c>cpu.ready.summation</c>.</param>
/// <param name="Series">The series.</param>
internal sealed record CounterUse(string Name, params SeriesUse[] Series)
{
    /// <summary>Whether the server has no total of it, but only values of single objects.</summary>
    public bool IsOfObjects { get; init; }

    /// <summary>What it is of: objects are called by names that are their own within it.</summary>
    public string Group { get; } = Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}
