namespace Observe.Collectors.VCenter.Events;

/// <summary>What a type of events is called here.</summary>
/// <param name="Name">The observed event's name: <c>vcenter.vm.migrated</c>.</param>
/// <param name="Role">What it is to a migration.</param>
/// <param name="Severity">How bad it is, where the event does not say so itself; null if that cannot be said of the type.</param>
internal sealed record EventKind(string Name, MigrationRole Role = MigrationRole.None, string? Severity = null);
