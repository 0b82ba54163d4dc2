namespace Observe.Collectors;

/// <summary>How one part of the agent fares: a row of <c>observe check</c> and of <c>/readyz</c>.</summary>
/// <param name="Component">What: <c>program ledger_switch</c>, <c>cgroup layout</c>.</param>
/// <param name="Level">How it fares.</param>
/// <param name="Detail">What was found or chosen, in one line.</param>
/// <param name="Remedy">What to do about it; null when nothing is wrong.</param>
public sealed record ComponentStatus(string Component, StatusLevel Level, string Detail, string? Remedy = null);
