using Observe.Collectors.VCenter.Performance;

namespace Observe.Collectors.VCenter;

/// <summary>The vCenters and ESXi hosts that are followed, and how.</summary>
public sealed record VCenterOptions
{
    /// <summary>Which; nothing is done, and nothing missed, if there are none.</summary>
    public IReadOnlyList<VCenterEndpoint> Endpoints { get; init; } = [];

    /// <summary>Where it is kept which events have been taken, over restarts.</summary>
    public string StateDirectory { get; init; } = "/var/lib/observe";

    /// <summary>What samples they are asked for.</summary>
    public PerformanceOptions Performance { get; init; } = new();

    /// <summary>How long a server may take to answer one request, besides what it was asked to wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
