namespace Observe.Agent.Live.Answer;

/// <summary>What a stall is besides its time.</summary>
/// <param name="Length">How long it was, ms.</param>
/// <param name="Thread">What the thread is called.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Tid">Itself.</param>
/// <param name="Cpu">Where it ran afterwards.</param>
/// <param name="Verdict">Why, in a word.</param>
/// <param name="Evidence">What that was concluded from.</param>
/// <param name="Culprits">Who ran instead, the longest first.</param>
public sealed record LiveStall(double Length, string Thread, int Pid, int Tid, int Cpu, string Verdict, string Evidence, IReadOnlyList<LiveCulprit> Culprits);
