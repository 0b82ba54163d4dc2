using System.Net.Sockets;
using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker;

/// <summary>How the engine fares, as far as can be told.</summary>
/// <param name="Level">How.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do about it; null when nothing is wrong.</param>
internal sealed record DockerState(StatusLevel Level, string Detail, string? Remedy = null)
{
    /// <summary>Its row.</summary>
    public const string Row = "docker";

    /// <summary>Before the first attempt to connect has come to anything.</summary>
    public static DockerState Unknown { get; } = new(StatusLevel.Absent, "not asked yet");

    /// <summary>While it answers.</summary>
    /// <param name="api">The engine.</param>
    /// <param name="containers">How many it has.</param>
    public static DockerState Of(DockerApi api, int containers) =>
        new(StatusLevel.Ok, $"{(api.IsPodman ? "podman" : "docker")} at {api.Endpoint}, API {api.Version}, {containers} containers");

    /// <summary>As a row.</summary>
    public ComponentStatus ToStatus() => new(Row, Level, Detail, Remedy);

    /// <summary>After a connection ended, or none was had.</summary>
    /// <param name="end">Why; null if the engine closed it.</param>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="before">How it fared before.</param>
    public static DockerState After(Exception? end, DockerEndpoint endpoint, DockerState before)
    {
        var reason = SocketError(end);
        // Nobody has ever been there, where an engine is looked for on any host: no error.
        var nobody = endpoint.IsLocal && reason is System.Net.Sockets.SocketError.AddressNotAvailable or System.Net.Sockets.SocketError.ConnectionRefused or System.Net.Sockets.SocketError.HostNotFound;
        if (nobody && before.Level == StatusLevel.Absent)
            return new DockerState(StatusLevel.Absent, $"no container engine at {endpoint}");
        // The rest of the agent goes on without it, and is ready without it.
        return end switch
        {
            null => new DockerState(StatusLevel.Degraded, $"the engine at {endpoint} ended the stream of events", "see whether it is being restarted"),
            _ when reason == System.Net.Sockets.SocketError.AccessDenied => new DockerState(StatusLevel.Degraded, $"permission denied at {endpoint}", "run the agent as root, or add its user to the socket's group"),
            _ when nobody => new DockerState(StatusLevel.Degraded, $"nobody listens at {endpoint} any more", "start the engine, or set collectors.docker.enabled to false"),
            DockerException error => new DockerState(StatusLevel.Degraded, error.Message, "see the engine's own log; it is tried again from time to time"),
            _ => new DockerState(StatusLevel.Degraded, $"the connection to {endpoint} broke: {end.Message}", "see the engine's own log; it is tried again from time to time"),
        };
    }

    private static SocketError? SocketError(Exception? error)
    {
        for (var each = error; each is not null; each = each.InnerException)
        {
            if (each is SocketException socket)
                return socket.SocketErrorCode;
        }
        return null;
    }
}
