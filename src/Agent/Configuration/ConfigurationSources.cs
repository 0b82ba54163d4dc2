namespace Observe.Agent.Configuration;

/// <summary>Where the configuration comes from, weakest first: file, environment, command line.</summary>
public sealed record ConfigurationSources
{
    /// <summary>The YAML file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Environment variables; only those that begin with <c>OBSERVE_</c> matter.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of <c>--listen</c>.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>Values of <c>--set</c>, each <c>key=value</c>.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];
}
