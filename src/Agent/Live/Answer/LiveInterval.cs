namespace Observe.Agent.Live.Answer;

/// <summary>Where time went.</summary>
/// <param name="Begin">Since when; null if each workload's is since its own beginning.</param>
/// <param name="End">Until when.</param>
/// <param name="Rows">
/// The workload's place among the names, then the mean number of threads in each state, in the order of the states; states at the end that the
/// workload has not are left out, and null is what is not known. Place -1: all others together.
/// </param>
/// <param name="Others">How many those are.</param>
public sealed record LiveInterval(double? Begin, double End, IReadOnlyList<double?[]> Rows, int Others);
