namespace Observe.Agent.Live.Answer;

/// <summary>Who ran while a thread waited.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is to who waited.</param>
/// <param name="Share">Its part of the wait, of 1.</param>
public sealed record LiveCulprit(string Name, string Kind, double Share);
