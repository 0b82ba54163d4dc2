namespace Observe.Collectors.Docker.Api;

/// <summary>One event of <c>GET /events</c>.</summary>
internal sealed record DockerEvent
{
    public string? Type { get; init; }

    /// <summary><c>start</c>, <c>die</c>, <c>health_status: healthy</c>, <c>exec_create: sh -c ...</c></summary>
    public string? Action { get; init; }

    public EventActor? Actor { get; init; }

    /// <summary>ns since the Unix epoch, by the engine's clock.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("timeNano")]
    public long TimeNano { get; init; }

    internal sealed record EventActor
    {
        public string? ID { get; init; }

        public Dictionary<string, string>? Attributes { get; init; }
    }
}
