namespace Observe.Telemetry.Time;

/// <summary>Something that happened, as a <see cref="Timeline{T}"/> delivers it.</summary>
/// <param name="Source">Who said so.</param>
/// <param name="When">When it happened.</param>
/// <param name="What">What happened.</param>
/// <param name="IsLate">Whether something later was delivered before it.</param>
/// <param name="Key">Tells it from every other event of its source.</param>
public readonly record struct TimelineEvent<T>(TimelineSource Source, UtcInterval When, T What, bool IsLate, UInt128 Key);
