using Microsoft.Extensions.Logging;

namespace Observe.Collectors.Kubernetes;

/// <content>What others see of it.</content>
internal sealed partial class PodWatch
{
    private volatile SyncState state = new();

    /// <summary>How well the pods are known now.</summary>
    public SyncState State => state;

    private void Confirm() => state = state with { Pods = pods.Count, LastSync = time.GetUtcNow() };

    private void Follow()
    {
        if (!state.Follows)
            Log.Follows(logger, state.Pods ?? 0);
        state = state with { Follows = true, Failure = null };
    }

    private void Fail(ApiException error)
    {
        if (state.Failure?.Message != error.Message)
            Log.Failed(logger, error.Message, error.Remedy);
        state = state with { Follows = false, Failure = error };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "following the pods of this node ({Pods} now)", EventName = "PodsFollowed")]
        public static partial void Follows(ILogger logger, int pods);

        [LoggerMessage(2, LogLevel.Warning, "pods are not followed: {Reason}; {Remedy}", EventName = "PodsNotFollowed")]
        public static partial void Failed(ILogger logger, string reason, string remedy);

        [LoggerMessage(3, LogLevel.Debug, "a watch of pods ended early: {Reason}", EventName = "PodWatchEnded")]
        public static partial void Ended(ILogger logger, string reason);
    }
}
