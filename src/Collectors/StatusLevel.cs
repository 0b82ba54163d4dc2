namespace Observe.Collectors;

/// <summary>How a part of the agent fares.</summary>
public enum StatusLevel
{
    /// <summary>Works as intended.</summary>
    Ok,

    /// <summary>Not there or not wanted, and not missed.</summary>
    Absent,

    /// <summary>Works with something missing, which the detail names.</summary>
    Degraded,

    /// <summary>Does not work.</summary>
    Failed,
}
