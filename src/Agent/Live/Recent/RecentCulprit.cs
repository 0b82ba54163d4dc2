namespace Observe.Agent.Live.Recent;

/// <summary>Who ran while a thread waited.</summary>
/// <param name="Name">The workload's name; of what is none, the kind.</param>
/// <param name="Kind">What it is to who waited: a <c>culprit_kind</c>.</param>
/// <param name="Nanoseconds">How long.</param>
public sealed record RecentCulprit(string Name, string Kind, long Nanoseconds);
