namespace Observe.Agent.Commands;

/// <summary>What the user asked <c>observe check</c> for.</summary>
/// <param name="Strict">Whether degraded counts as failed.</param>
/// <param name="Json">Whether the result is JSON.</param>
/// <param name="PrintConfig">Whether to print the effective configuration instead.</param>
/// <param name="Calibrate">Whether to measure what a round trip into a guest costs, besides.</param>
/// <param name="MapSize">A host to size the kernel's tables for instead, <c>CPUS:CGROUPS</c>; null for none.</param>
public sealed record CheckChoices(bool Strict, bool Json, bool PrintConfig, bool Calibrate = false, string? MapSize = null);
