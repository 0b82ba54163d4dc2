namespace Observe.Agent.Live.Answer;

/// <summary>Something that happened.</summary>
/// <param name="Number">Which it is: one that comes again has changed.</param>
/// <param name="Subject">To whom: the place among the names.</param>
/// <param name="Source">Who told of it.</param>
/// <param name="Name">What.</param>
/// <param name="Begin">Not before, and not after which moment it began.</param>
/// <param name="End">The same of its end; null if it is a moment.</param>
/// <param name="Late">Whether something later was told before it; null if not.</param>
/// <param name="Problem">What went wrong; null if nothing.</param>
/// <param name="Trace">The trace that tells of it, 32 hexadecimal digits; null if there is none yet.</param>
/// <param name="Stall">What it is as a stall; null if it is none.</param>
/// <param name="Details">More of it: names and values by turns.</param>
public sealed record LiveEvent(
    long Number, int Subject, string Source, string Name, double[] Begin, double[]? End, bool? Late, string? Problem, string? Trace, LiveStall? Stall, IReadOnlyList<string> Details);
