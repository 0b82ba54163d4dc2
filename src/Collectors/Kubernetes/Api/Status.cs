namespace Observe.Collectors.Kubernetes.Api;

/// <summary>Why a request failed.</summary>
/// <param name="Code">As in HTTP.</param>
/// <param name="Reason">One word.</param>
/// <param name="Message">For people.</param>
internal sealed record Status(int? Code, string? Reason, string? Message);
