namespace Observe.Collectors.VCenter.Performance;

/// <summary>How a round went.</summary>
internal enum RoundOutcome
{
    /// <summary>Everything was answered.</summary>
    Complete,

    /// <summary>Some things were not.</summary>
    Partial,

    /// <summary>Nothing was.</summary>
    Failed,
}
