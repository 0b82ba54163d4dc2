namespace Observe.Collectors.Docker.Api;

/// <summary>What <c>GET /info</c> says, as far as it is used.</summary>
internal sealed record EngineInfo
{
    /// <summary>The engine's clock, to the nanosecond.</summary>
    public DateTimeOffset SystemTime { get; init; }
}
