namespace Observe.Collectors.Identity;

/// <summary>What one source knows of one subject.</summary>
/// <param name="Name">What people call it; null if the source has no name for it.</param>
/// <param name="Attributes">Under OpenTelemetry attribute names, each once.</param>
public sealed record IdentityFacts(string? Name, IReadOnlyList<KeyValuePair<string, string>> Attributes);
