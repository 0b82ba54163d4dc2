namespace Observe.Bpf;

/// <summary>What running a program has cost, counted while statistics are enabled.</summary>
/// <param name="RunTimeNs">Nanoseconds in the program, over all CPUs.</param>
/// <param name="RunCount">How often it ran.</param>
/// <param name="RecursionMisses">How often it did not run because it was running already on that CPU; 0 before Linux 5.12.</param>
public readonly record struct BpfRunStats(ulong RunTimeNs, ulong RunCount, ulong RecursionMisses);
