namespace Observe.Collectors.VCenter.Vim;

/// <summary>A counter's values.</summary>
/// <param name="Counter">The counter's number.</param>
/// <param name="Instance">Of what part of the entity: a vCPU's or a disk's name; empty: of all of it.</param>
/// <param name="Values">One for each time, in the same order; -1 where there is none.</param>
internal sealed record PerfSeries(int Counter, string Instance, IReadOnlyList<long> Values);
