using Observe.Collectors.Stalls;

namespace Observe.Agent.Configuration.Options;

/// <summary>The whole configuration; an instance made with <c>new</c> holds the defaults, which stand nowhere else.</summary>
public sealed record ObserveOptions
{
    /// <summary>Where metrics and health are served.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [new ListenAddress("127.0.0.1", 9464)];

    /// <summary>What is logged, and how.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>What becomes of the agent's privileges.</summary>
    public PrivilegesOptions Privileges { get; init; } = new();

    /// <summary>Where metrics are pushed to.</summary>
    public OtlpFileOptions Otlp { get; init; } = new();

    /// <summary>What is different for spans.</summary>
    public TracesOptions Traces { get; init; } = new();

    /// <summary>What is collected.</summary>
    public CollectorsOptions Collectors { get; init; } = new();

    /// <summary>Stalls of threads, told one by one.</summary>
    public StallOptions Stalls { get; init; } = new();

    /// <summary>Who the values are attributed to.</summary>
    public WorkloadsOptions Workloads { get; init; } = new();
}
