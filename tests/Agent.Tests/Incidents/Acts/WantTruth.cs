namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>What was done to the container that had too little memory.</summary>
/// <param name="Container">Its id.</param>
/// <param name="Began">When it was started first.</param>
/// <param name="Removed">When it was removed, after its last end.</param>
/// <param name="Restarts">How often the engine started it again.</param>
/// <param name="ExitCode">What it ended with, last.</param>
/// <param name="Kills">Of each of its lives, how many kills for want of memory the engine told of: it may hear of one only after the end, and misses some.</param>
internal sealed record WantTruth(string Container, Stamp Began, Stamp Removed, int Restarts, int ExitCode, IReadOnlyList<int> Kills);
