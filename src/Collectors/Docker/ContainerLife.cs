using System.Globalization;
using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker;

/// <summary>What events and answers make of a container. Pure.</summary>
internal static class ContainerLife
{
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(2);

    /// <summary>Actions that are counted under their own name; the rest are <c>other</c>.</summary>
    public static IReadOnlyList<string> Actions { get; } =
    [
        "attach", "commit", "copy", "create", "destroy", "detach", "die", "exec_create", "exec_detach", "exec_die", "exec_start", "export", "health_status",
        "kill", "oom", "pause", "rename", "resize", "restart", "start", "stop", "top", "unpause", "update", "other",
    ];

    /// <summary>What Podman calls otherwise.</summary>
    /// <param name="action">The event, in any engine's words.</param>
    /// <returns>In Docker's.</returns>
    public static string Normalize(string action) => action switch
    {
        "died" => "die",
        "remove" => "destroy",
        _ => action,
    };

    /// <summary>Whether the event changes what the container is, so that what was asked before it says nothing any more.</summary>
    /// <param name="action">The event.</param>
    public static bool Changes(string action) => MustAsk(action) || action is "pause" or "unpause" or "health_status" or "destroy" or "restart" or "oom";

    /// <summary>Whether something may have changed that the event does not say.</summary>
    /// <param name="action">The event.</param>
    public static bool MustAsk(string action) => action is "create" or "start" or "die" or "rename" or "update";

    /// <summary>What an event means.</summary>
    /// <param name="container">Of which container.</param>
    /// <param name="action">What happened.</param>
    /// <param name="argument">More of it.</param>
    /// <param name="attributes">What the event says of the container.</param>
    /// <param name="at">When.</param>
    public static void Apply(DockerContainer container, string action, string argument, IReadOnlyDictionary<string, string> attributes, DateTimeOffset at)
    {
        switch (action)
        {
            case "start":
                container.Status = "running";
                container.StartedAt = at;
                container.IsOomCounted = false;
                break;
            case "die":
                var code = attributes.TryGetValue("exitCode", out var text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var known) ? known : -1;
                End(container, code);
                container.Status = "exited";
                break;
            case "oom":
                container.OomKills++;
                container.IsOomCounted = true;
                break;
            case "pause":
                container.Status = "paused";
                break;
            case "unpause":
                container.Status = "running";
                break;
            case "health_status":
                container.Health = argument is "starting" or "healthy" or "unhealthy" ? argument : container.Health;
                break;
            case "destroy":
                container.IsGone = true;
                break;
        }
    }

    /// <summary>What an answer means.</summary>
    /// <param name="container">Of which container.</param>
    /// <param name="state">The answer.</param>
    public static void Apply(DockerContainer container, ContainerInspect.ContainerState state)
    {
        container.Status = state.Status is { Length: > 0 } status ? status : container.Status;
        container.ExitCode = state.ExitCode;
        container.Health = state.Health?.Status is "" or "none" ? null : state.Health?.Status;
        // The event of a start is stamped some ms after the start itself; more is another start, of which no event came.
        if (state.StartedAt - container.StartedAt > SameStart)
        {
            container.StartedAt = state.StartedAt;
            container.IsOomCounted = false;
            container.Usage = null;
        }
        if (!container.IsRunning && container.Usage is not null)
            container.IsUsageFinal = true;
        // The engine knows, but its event did not come, or had come before the agent.
        if (state.OOMKilled && !container.IsOomCounted)
        {
            container.OomKills++;
            container.IsOomCounted = true;
        }
    }

    private static void End(DockerContainer container, int code)
    {
        var text = code.ToString(CultureInfo.InvariantCulture);
        container.ExitCode = code;
        container.Exits[text] = container.Exits.GetValueOrDefault(text) + 1;
        container.IsUsageFinal = container.Usage is not null;
    }
}
