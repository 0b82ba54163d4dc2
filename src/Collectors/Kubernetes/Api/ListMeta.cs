namespace Observe.Collectors.Kubernetes.Api;

/// <summary>What every list has.</summary>
/// <param name="ResourceVersion">The state that it shows: where a watch goes on from.</param>
/// <param name="Continue">Asks for the next page; empty in the last one.</param>
internal sealed record ListMeta(string? ResourceVersion, string? Continue);
