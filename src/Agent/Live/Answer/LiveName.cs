namespace Observe.Agent.Live.Answer;

/// <summary>Who something is about.</summary>
/// <param name="Key">Tells it from others, and stays the same from answer to answer.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">For people; any text.</param>
public sealed record LiveName(string Key, string Kind, string Name);
