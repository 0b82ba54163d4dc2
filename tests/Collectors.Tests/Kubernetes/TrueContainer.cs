using System.Text.Json.Nodes;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>A container of a pod: the lives of it that its status mentions.</summary>
/// <param name="Group">Name of the list of statuses that it is in.</param>
internal sealed record TrueContainer(string Group, string Name, string Image)
{
    public const string Regular = "containerStatuses";
    public const string Init = "initContainerStatuses";
    public const string Ephemeral = "ephemeralContainerStatuses";

    /// <summary>Null before the first.</summary>
    public string? Id { get; init; }

    public bool Ended { get; init; }

    public string? LastId { get; init; }

    public int Restarts { get; init; }

    public IEnumerable<string> Ids => new[] { Id, LastId }.OfType<string>();

    /// <summary>Begins another life.</summary>
    public TrueContainer Restart(string id) => this with { LastId = Id, Id = id, Ended = false, Restarts = Restarts + (Id is null ? 0 : 1) };

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["image"] = Image,
        ["imageID"] = $"{Image}@sha256:0",
        ["ready"] = !Ended,
        ["restartCount"] = Restarts,
        ["containerID"] = Id is null ? "" : $"containerd://{Id}",
        ["state"] = Id is null ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } } : Ended ? Terminated(Id) : new JsonObject { ["running"] = new JsonObject() },
        ["lastState"] = LastId is null ? new JsonObject() : Terminated(LastId),
    };

    private static JsonObject Terminated(string id) => new() { ["terminated"] = new JsonObject { ["exitCode"] = 1, ["containerID"] = $"containerd://{id}" } };
}
