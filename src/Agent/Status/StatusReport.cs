using Observe.Collectors;

namespace Observe.Agent.Status;

/// <summary>How the agent fares.</summary>
/// <param name="Ready">True if it does what it is there for.</param>
/// <param name="Version">Version of the agent.</param>
/// <param name="Components">Each part.</param>
public sealed record StatusReport(bool Ready, string Version, IReadOnlyList<ComponentStatus> Components);
