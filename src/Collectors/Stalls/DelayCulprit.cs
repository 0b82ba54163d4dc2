using Observe.Collectors.Identity;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>What one workload has made another wait.</summary>
/// <param name="workload">Who caused it.</param>
internal sealed class DelayCulprit(Workload workload)
{
    /// <summary>Who caused it.</summary>
    public Workload Workload { get; } = workload;

    /// <summary>ns since it was named; of one that is not, since it was found, or lost its name.</summary>
    public long Nanoseconds { get; set; }

    /// <summary>ns that it was given its name for; 0 without one.</summary>
    public long NamedFor { get; set; }

    /// <summary>Its series while it is named, else null: then it is part of the others.</summary>
    public Series? Series { get; set; }
}
