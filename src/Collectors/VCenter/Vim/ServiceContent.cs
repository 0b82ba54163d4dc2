namespace Observe.Collectors.VCenter.Vim;

/// <summary>Where everything of a server begins. A manager that it has not is null.</summary>
/// <param name="About">What it says of itself.</param>
/// <param name="RootFolder">The root of the inventory.</param>
/// <param name="PropertyCollector">Of the session: reads properties.</param>
/// <param name="ViewManager">Makes views.</param>
/// <param name="SessionManager">Logs in and out.</param>
/// <param name="PerfManager">Performance.</param>
/// <param name="EventManager">Events.</param>
/// <param name="TaskManager">Tasks.</param>
/// <param name="Setting">The vCenter's own options (<c>OptionManager</c>).</param>
internal sealed record ServiceContent(
    AboutInfo About, ManagedObject RootFolder, ManagedObject PropertyCollector, ManagedObject? ViewManager, ManagedObject SessionManager,
    ManagedObject? PerfManager, ManagedObject? EventManager, ManagedObject? TaskManager, ManagedObject? Setting);
