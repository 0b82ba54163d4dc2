using Observe.Collectors.Docker.Api;
using Observe.Collectors.Docker.Stats;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Docker;

/// <summary>One container, from its creation to its removal. Guarded by the lock of <see cref="DockerContainers"/>.</summary>
/// <param name="id">Its full id.</param>
internal sealed class DockerContainer(string id)
{
    /// <summary>Its full id.</summary>
    public string Id { get; } = id;

    /// <summary>Its labels; null until something is known of it, or if there was no room.</summary>
    public WorkloadLabels? Labels { get; set; }

    /// <summary>What it is doing: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string Status { get; set; } = "created";

    /// <summary>What its health checks found; null without any.</summary>
    public string? Health { get; set; }

    /// <summary>When it was created, or first heard of.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When the agent first heard of it.</summary>
    public DateTimeOffset HeardAt { get; init; }

    /// <summary>What the last event says of it, kept while nothing better is known.</summary>
    public IReadOnlyDictionary<string, string>? Described { get; set; }

    /// <summary>When it was last started; the Unix epoch or before if never.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Times that the engine restarted it.</summary>
    public long Restarts { get; set; }

    /// <summary>The same as the engine counts it, since somebody last started the container by hand.</summary>
    public long RestartCount { get; set; }

    /// <summary>What its last process returned.</summary>
    public int ExitCode { get; set; }

    /// <summary>Times that it ended, by what it returned.</summary>
    public Dictionary<string, long> Exits { get; } = [];

    /// <summary>Times that the kernel killed in it for want of memory.</summary>
    public long OomKills { get; set; }

    /// <summary>Whether such a kill since its last start is in <see cref="OomKills"/>.</summary>
    public bool IsOomCounted { get; set; }

    /// <summary>What it may use.</summary>
    public ContainerInspect.ContainerHostConfig? Limits { get; set; }

    /// <summary>What it has used since it was started; null if it does not run.</summary>
    public ContainerUsage? Usage { get; set; }

    /// <summary>Its ledger against the engine's; null before the first sample.</summary>
    public CrossCheck? CrossCheck { get; set; }

    /// <summary>Its series.</summary>
    public ContainerSeries Series { get; } = new();

    /// <summary>Events so far, of which what was asked before one of them says nothing any more.</summary>
    public int Version { get; set; }

    /// <summary>Whether it is being asked about, and whether again after that.</summary>
    public (bool UnderWay, bool Again) Inspection { get; set; }

    /// <summary>Whether the engine did not answer when it was last asked about it.</summary>
    public bool IsUnanswered { get; set; }

    /// <summary>Whether it is being sampled.</summary>
    public bool IsSampled { get; set; }

    /// <summary>Rounds that are left out because it did not answer.</summary>
    public int Skip { get; set; }

    /// <summary>Samples in a row that did not come.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it is removed, and only exported once more.</summary>
    public bool IsGone { get; set; }

    /// <summary>When that was noticed, a timestamp of the clock; 0 while it is there.</summary>
    public long GoneAt { get; set; }

    /// <summary>Whether it has been exported for the last time.</summary>
    public bool IsBuried { get; set; }

    /// <summary>Whether it was missing in a list, and the event of its removal may still come.</summary>
    public bool IsRemovalUntold { get; set; }

    /// <summary>Whether it has ended, and its usage is only exported once more.</summary>
    public bool IsUsageFinal { get; set; }

    /// <summary>Whether processes of it are there.</summary>
    public bool IsRunning => Status is "running" or "paused";
}
