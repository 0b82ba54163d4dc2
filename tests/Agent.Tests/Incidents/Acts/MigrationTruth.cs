namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>What was done when the virtual machine was moved.</summary>
/// <param name="Container">The id of the container that stood still.</param>
/// <param name="Processes">Its processes that did, as this host numbers them.</param>
/// <param name="Began">When it was started.</param>
/// <param name="Chain">The operation's number.</param>
/// <param name="Task">The task's.</param>
/// <param name="Steps">When the task was queued, when it was begun, when the machine began to be moved, when it had been, when the task was done.</param>
/// <param name="Stopped">When it was stopped.</param>
/// <param name="Continued">When it went on.</param>
/// <param name="Removed">When it was removed.</param>
internal sealed record MigrationTruth(string Container, IReadOnlyList<int> Processes, Stamp Began, int Chain, string Task, IReadOnlyList<Stamp> Steps, Stamp Stopped, Stamp Continued, Stamp Removed);
