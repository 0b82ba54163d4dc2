namespace Observe.Collectors.Traces.Verdicts;

/// <summary>Why a thread was kept from running, and what that was concluded from.</summary>
/// <param name="Verdict">Why.</param>
/// <param name="Evidence">For people: what was seen.</param>
public readonly record struct StallJudgement(Verdict Verdict, string Evidence);
