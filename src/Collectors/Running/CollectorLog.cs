using Microsoft.Extensions.Logging;

namespace Observe.Collectors.Running;

/// <summary>
/// What the runner says about its collectors: each collector's trouble at most once a minute, however its text varies,
/// and its recovery once.
/// </summary>
internal sealed partial class CollectorLog(ILogger logger, TimeProvider time, int collectors)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Entry[] entries = new Entry[collectors];

    public void Report(int index, string name, CollectResult result)
    {
        ref var entry = ref entries[index];
        if (result.Succeeded)
            ReportSuccess(ref entry, name, result.Reason);
        else
            ReportFailure(ref entry, name, result.Reason ?? "no reason given");
    }

    private void ReportSuccess(ref Entry entry, string name, string? reason)
    {
        if (entry.FailureShown)
        {
            Log.Recovered(logger, name, entry.FailuresInARow);
            entry.FailureShown = false;
        }
        entry.FailuresInARow = 0;
        if (reason is not null && entry.NoDataReason is null)
            Log.NothingToCollect(logger, name, reason);
        entry.NoDataReason = reason;
    }

    private void ReportFailure(ref Entry entry, string name, string reason)
    {
        entry.FailuresInARow++;
        entry.NoDataReason = null;
        if (entry.ShownAt is { } shown && time.GetElapsedTime(shown) < Interval)
            return;
        entry.ShownAt = time.GetTimestamp();
        entry.FailureShown = true;
        Log.Failed(logger, name, reason, entry.FailuresInARow);
    }

    private struct Entry
    {
        public long? ShownAt;
        public bool FailureShown;
        public long FailuresInARow;
        public string? NoDataReason;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "collector {Collector} failed: {Reason} (failures in a row: {Failures})", EventName = "CollectorFailed")]
        public static partial void Failed(ILogger logger, string collector, string reason, long failures);

        [LoggerMessage(2, LogLevel.Information, "collector {Collector} works again (failures before: {Failures})", EventName = "CollectorRecovered")]
        public static partial void Recovered(ILogger logger, string collector, long failures);

        [LoggerMessage(3, LogLevel.Information, "collector {Collector} has nothing to collect: {Reason}", EventName = "CollectorIdle")]
        public static partial void NothingToCollect(ILogger logger, string collector, string reason);
    }
}
