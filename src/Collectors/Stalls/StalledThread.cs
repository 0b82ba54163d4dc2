namespace Observe.Collectors.Stalls;

/// <summary>A thread.</summary>
/// <param name="Process">Its process's id, as this host has it.</param>
/// <param name="Id">Its own id.</param>
/// <param name="Name">What it is called (<c>comm</c>).</param>
public readonly record struct StalledThread(int Process, int Id, string Name);
