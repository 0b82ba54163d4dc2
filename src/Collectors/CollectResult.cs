namespace Observe.Collectors;

/// <summary>How a collection went.</summary>
/// <param name="Succeeded">False if values are missing that should be there.</param>
/// <param name="Reason">Null if all went well; else what failed, on what, why, and what to do.</param>
public readonly record struct CollectResult(bool Succeeded, string? Reason = null)
{
    /// <summary>All went well.</summary>
    public static CollectResult Ok { get; } = new(true);

    /// <summary>The source is not there, which is no error: a host without it has nothing to report.</summary>
    /// <param name="reason">What is not there.</param>
    public static CollectResult NoData(string reason) => new(true, reason);

    /// <summary>Something that should work did not.</summary>
    /// <param name="reason">What failed, on what, why, and what to do.</param>
    public static CollectResult Failed(string reason) => new(false, reason);
}
