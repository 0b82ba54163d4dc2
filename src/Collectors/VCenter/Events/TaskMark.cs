namespace Observe.Collectors.VCenter.Events;

/// <summary>What has been told of a task.</summary>
/// <param name="Key">Its number: <c>task-42</c>.</param>
/// <param name="Queued">When it was queued, ticks of UTC on the server's clock: tells it from others that had its number.</param>
/// <param name="Began">Whether its start was told of.</param>
/// <param name="Ended">Whether its end was.</param>
/// <param name="Ticks">When it ended; of one that has not, when it was queued.</param>
internal readonly record struct TaskMark(string Key, long Queued, bool Began, bool Ended, long Ticks);
