using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Events;

/// <summary>A task, as the server tells of it (<c>TaskInfo</c>).</summary>
/// <param name="Info">All of it.</param>
/// <param name="Key">Its number: <c>task-42</c>.</param>
/// <param name="Queued">When it was queued.</param>
/// <param name="Started">When it was begun; null if it was not.</param>
/// <param name="Ended">When it ended; null if it has not.</param>
/// <param name="IsSuccess">Whether it ended well.</param>
internal sealed record ObservedTask(VimValue Info, string Key, DateTimeOffset Queued, DateTimeOffset? Started, DateTimeOffset? Ended, bool IsSuccess)
{
    /// <summary>What it does: <c>VirtualMachine.powerOn</c>.</summary>
    public string Descriptor => Info["descriptionId"]?.Text is { Length: > 0 } id ? id : Info["name"]?.Text is { Length: > 0 } name ? name : "unknown";

    /// <summary>Reads one.</summary>
    /// <param name="info">A <c>TaskInfo</c>.</param>
    /// <returns>Null if it is none.</returns>
    public static ObservedTask? Of(VimValue info)
    {
        if (info["key"]?.Text is not { Length: > 0 } key || info["queueTime"]?.AsTime is not { } queued)
            return null;
        var started = info["startTime"]?.AsTime;
        var state = info["state"]?.Text;
        // Some servers leave out when a task ended that they refused at once.
        var ended = state is "success" or "error" ? info["completeTime"]?.AsTime ?? started ?? queued : (DateTimeOffset?)null;
        return new ObservedTask(info, key, queued, started, ended, state == "success");
    }
}
