namespace Observe.Collectors.VCenter.Events;

/// <summary>Where to go on after a restart, and what not to tell again.</summary>
/// <param name="InstanceUuid">The vCenter it is of.</param>
/// <param name="Resets">Times that its numbers began anew.</param>
/// <param name="Begin">Everything before has been delivered; on the server's clock, ticks of UTC.</param>
/// <param name="LastKey">Of everything up to this number the same is true; null while no event has been read.</param>
/// <param name="LastTicks">When the newest event was made that was read.</param>
/// <param name="ReadAt">When all that the server had was read the last time, by the clock here, ticks of UTC; null if never.</param>
/// <param name="DoneKey">Largest number of what is older than <paramref name="Delivered"/> tells.</param>
/// <param name="DoneTicks">The newest of those.</param>
/// <param name="Delivered">What has been delivered from <paramref name="Begin"/> on.</param>
/// <param name="TasksReadUpTo">Up to when tasks were read, on the server's clock; null while none was.</param>
/// <param name="Tasks">What was told of those that may be read again.</param>
internal sealed record EventCheckpoint(
    string InstanceUuid, long Resets, long Begin, int? LastKey, long LastTicks, long? ReadAt, int DoneKey, long DoneTicks, IReadOnlyList<EventId> Delivered,
    long? TasksReadUpTo, IReadOnlyList<TaskMark> Tasks);
