namespace Observe.Agent.Configuration.Keys;

/// <summary>A value, or why the text is none.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
/// <param name="Succeeded">Whether there is a value.</param>
/// <param name="Value">The value.</param>
/// <param name="Why">What is wrong, if there is more to say than what was expected.</param>
public readonly record struct Parsed<T>(bool Succeeded, T Value, string? Why = null);
