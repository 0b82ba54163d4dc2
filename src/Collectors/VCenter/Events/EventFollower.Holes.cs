using Microsoft.Extensions.Logging;

namespace Observe.Collectors.VCenter.Events;

internal sealed partial class EventFollower
{
    /// <summary>A server whose numbers have many holes (events that the user may not see) is not asked about each,</summary>
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(10);

    /// <summary>if its oldest event was older than this just before: it cannot have removed what is new.</summary>
    private static readonly TimeSpan LongKept = TimeSpan.FromHours(1);

    private long? keptLongAt;

    /// <summary>
    /// Numbers are missing before what is about to be taken in. Some are never given to an event, some are given to one that this user
    /// may not see; but if the oldest event that the server has is behind them, it has kept them not long enough.
    /// </summary>
    private async Task CheckHoleAsync(int firstKey, long generation, bool isFirst, CancellationToken cancellationToken)
    {
        if (position.LastKey is not { } last || position.MissingBetween(last, firstKey) == 0)
            return;
        if (!isFirst && keptLongAt is { } at && time.GetElapsedTime(at) < BetweenChecks)
            return;
        var collector = await made.MakeAsync((vim, content, cancellation) => vim.CreateCollectorForEventsAsync(content.EventManager!.Value, null, cancellation), generation, cancellationToken);
        try
        {
            await AskAsync((vim, cancellation) => PrepareAsync(vim, collector, cancellation), generation, cancellationToken);
            var oldest = await session.AskAsync((vim, _, cancellation) => vim.ReadNextEventsAsync(collector, 1, cancellation), generation, cancellationToken);
            keptLongAt = oldest.Count > 0 && clock.Now - oldest[0].CreatedTime > LongKept ? time.GetTimestamp() : null;
            var missing = position.MissingBetween(last, oldest.Count == 0 ? firstKey : Math.Min(firstKey, oldest[0].Key));
            if (missing == 0)
                return;
            intake.Missed(missing);
            Log.Missed(logger, options.Name, missing, last + 1, firstKey - 1, oldest.Count == 0 ? "now" : Vim.VimTime.Format(oldest[0].CreatedTime));
        }
        finally
        {
            await made.GiveUpAsync(collector, isNow: true, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(89, LogLevel.Error, "vCenter {VCenter} has not kept up to {Missing} events, numbers {First} to {Last}, for as long as they were not read: its oldest is from {Oldest}; they are lost. Let it keep events for longer (event.maxAge), or let the agent be away for shorter", EventName = "VCenterEventsMissed")]
        public static partial void Missed(ILogger logger, string vcenter, long missing, int first, int last, string oldest);
    }
}
