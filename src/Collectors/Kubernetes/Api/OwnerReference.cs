namespace Observe.Collectors.Kubernetes.Api;

/// <summary>An object that another one belongs to.</summary>
/// <param name="ApiVersion">Group and version of its kind: <c>apps/v1</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name, in the same namespace.</param>
/// <param name="Controller">Whether it made the other one; at most one did.</param>
internal sealed record OwnerReference(string? ApiVersion, string? Kind, string? Name, bool? Controller);
