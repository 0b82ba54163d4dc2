namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>What was done to the container that was kept waiting.</summary>
/// <param name="Victim">Its id.</param>
/// <param name="Noisy">The id of who kept it waiting.</param>
/// <param name="Began">When the victim was started.</param>
/// <param name="Entered">When the other one was started.</param>
/// <param name="Paused">When that was paused.</param>
/// <param name="Resumed">When it went on.</param>
/// <param name="Left">When it was removed, at rest.</param>
/// <param name="InjectedNanoseconds">
/// How long the victim was kept waiting from the pause on: both always wanted the one CPU that they had, so it waited whenever the other one ran, and the engine says how long
/// that was. Nothing of it is the agent's word.
/// </param>
internal sealed record NeighbourTruth(string Victim, string Noisy, Stamp Began, Stamp Entered, Stamp Paused, Stamp Resumed, Stamp Left, long InjectedNanoseconds);
