using Microsoft.Extensions.Logging;

namespace Observe.Collectors.VCenter.Inventory;

/// <content>What others see of it.</content>
internal sealed partial class PropertyFollower
{
    private volatile FollowState state = new();
    private long resyncs;
    private long updates;
    private bool isBegunAtOnce;

    /// <summary>How it fares.</summary>
    public FollowState State => state;

    /// <summary>Times that everything was told from the beginning.</summary>
    public long Resyncs => Interlocked.Read(ref resyncs);

    /// <summary>Updates of objects that the server pushed.</summary>
    public long Updates => Interlocked.Read(ref updates);

    private void Heard()
    {
        if (!state.IsFollowing)
            Log.Follows(logger, what, vcenter);
        state = new FollowState(true, time.GetUtcNow());
        isBegunAtOnce = false;
        backoff.Succeeded();
    }

    private void Troubled(VCenterException failure) => Troubled(failure.Message, failure.Remedy, failure.IsTold);

    private void Troubled(string reason, string? remedy, bool isTold = false)
    {
        // While a server is away its reasons alternate: no answer, not asked any more, no login. The state has the present one.
        if (!isTold && state.Failure is null)
            Log.Failed(logger, what, vcenter, reason, remedy ?? "it is tried again");
        state = state with { IsFollowing = false, Failure = reason, Remedy = remedy };
    }

    private static partial class Log
    {
        [LoggerMessage(80, LogLevel.Information, "following the {What} of vCenter {VCenter}", EventName = "VCenterInventoryFollowed")]
        public static partial void Follows(ILogger logger, string what, string vcenter);

        [LoggerMessage(81, LogLevel.Warning, "the {What} of vCenter {VCenter} is not followed: {Reason}; {Remedy}", EventName = "VCenterInventoryNotFollowed")]
        public static partial void Failed(ILogger logger, string what, string vcenter, string reason, string remedy);

        [LoggerMessage(82, LogLevel.Warning, "vCenter {VCenter} does not know the property {Property} of the {What}; what needs it is absent", EventName = "VCenterPropertyRefused")]
        public static partial void PropertyRefused(ILogger logger, string vcenter, string what, string property);
    }
}
