using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Containers;

/// <summary>What is known of one container.</summary>
/// <param name="id">Its full id.</param>
internal sealed class ContainerHistory(string id)
{
    /// <summary>Its full id.</summary>
    public string Id { get; } = id;

    /// <summary>What it is called, under attribute names.</summary>
    public Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal) { ["container.id"] = id };

    /// <summary>When it was created; null if that was not told, or its first start was.</summary>
    public (UtcInterval When, TimeSpan HeardAt)? Created { get; set; }

    /// <summary>The life that goes on.</summary>
    public ContainerRun? Current { get; set; }

    /// <summary>The life that ended last, and when that was heard of.</summary>
    public (ContainerRun Run, TimeSpan At)? Last { get; set; }

    /// <summary>Whether somebody has told it to end.</summary>
    public bool IsToldToEnd { get; set; }

    /// <summary>Whether it was removed.</summary>
    public bool IsGone { get; set; }
}
