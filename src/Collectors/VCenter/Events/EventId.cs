namespace Observe.Collectors.VCenter.Events;

/// <summary>Tells an event of a vCenter from all others, those that had its number before the database was restored too.</summary>
/// <param name="Key">Its number.</param>
/// <param name="Ticks">When it was made on the server's clock, ticks of UTC.</param>
internal readonly record struct EventId(int Key, long Ticks);
