namespace Observe.Collectors.VCenter.Performance;

/// <summary>What samples a vCenter is asked for, and how hard.</summary>
public sealed record PerformanceOptions
{
    /// <summary>Whether it is asked at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Time between two rounds of requests. Samples are of 20 s all the same: a round of a minute has three.</summary>
    public TimeSpan Interval { get; init; } = RealTime.Interval;

    /// <summary>Whether single vCPUs, network cards and disks are exported beside the totals.</summary>
    public bool Instances { get; init; }

    /// <summary>Most of them of one virtual machine or host.</summary>
    public int MaxInstances { get; init; } = 64;

    /// <summary>Whether what the OpenTelemetry collector's vcenterreceiver has switched off unless asked for is exported too.</summary>
    public bool Detail { get; init; }

    /// <summary>Metrics in one request, at most; null: as many as the server's own setting allows. Never more than the server bears, once it was seen.</summary>
    public int? MaxQueryMetrics { get; init; }

    /// <summary>Virtual machines and hosts in one request, at most.</summary>
    public int MaxQueryEntities { get; init; } = 50;

    /// <summary>Requests under way at a time.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>How long one request may take; then it is asked for less.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a round may take; what it did not get to comes first in the next.</summary>
    public TimeSpan RoundTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
