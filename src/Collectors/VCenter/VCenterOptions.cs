namespace Observe.Collectors.VCenter;

/// <summary>The vCenters and ESXi hosts that are followed, and how.</summary>
public sealed record VCenterOptions
{
    /// <summary>Which; nothing is done, and nothing missed, if there are none.</summary>
    public IReadOnlyList<VCenterEndpoint> Endpoints { get; init; } = [];

    /// <summary>Where it is kept which events have been taken, over restarts.</summary>
    public string StateDirectory { get; init; } = "/var/lib/observe";

    /// <summary>Time between two questions for samples; servers take one every 20 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a server may take to answer one request, besides what it was asked to wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
