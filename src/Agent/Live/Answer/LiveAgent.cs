namespace Observe.Agent.Live.Answer;

/// <summary>Who answers.</summary>
/// <param name="Version">The agent's version.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Start">When this agent started: another is another agent, and nothing of the one before goes on.</param>
public sealed record LiveAgent(string Version, string Host, double Start);
