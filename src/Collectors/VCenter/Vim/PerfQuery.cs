namespace Observe.Collectors.VCenter.Vim;

/// <summary>What is wanted of an entity's samples.</summary>
/// <param name="Entity">Whose.</param>
/// <param name="Begin">Samples after this moment of the server's clock; null: from the oldest.</param>
/// <param name="MaxSamples">The most, the newest; null: all. vcsim needs a number.</param>
/// <param name="IntervalSeconds">20 for those in real time.</param>
/// <param name="Counters">The counters' numbers, each with an instance: empty for the total, <c>*</c> for all.</param>
internal sealed record PerfQuery(ManagedObject Entity, DateTimeOffset? Begin, int? MaxSamples, int IntervalSeconds, IReadOnlyList<(int Counter, string Instance)> Counters);
