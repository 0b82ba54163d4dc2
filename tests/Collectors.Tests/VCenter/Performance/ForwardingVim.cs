using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>Hands everything on: what is to be different is overridden.</summary>
internal abstract class ForwardingVim(IVim inner) : IVim
{
    public virtual Task<ServiceContent> RetrieveServiceContentAsync(CancellationToken cancellationToken) =>
        inner.RetrieveServiceContentAsync(cancellationToken);

    public virtual Task LoginAsync(ManagedObject sessionManager, string user, string password, CancellationToken cancellationToken) =>
        inner.LoginAsync(sessionManager, user, password, cancellationToken);

    public virtual Task LogoutAsync(ManagedObject sessionManager, CancellationToken cancellationToken) =>
        inner.LogoutAsync(sessionManager, cancellationToken);

    public virtual Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken) =>
        inner.CurrentTimeAsync(cancellationToken);

    public virtual Task<IReadOnlyDictionary<string, VimValue>> RetrievePropertiesAsync(ManagedObject propertyCollector, ManagedObject of, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        inner.RetrievePropertiesAsync(propertyCollector, of, paths, cancellationToken);

    public virtual Task<ManagedObject> CreatePropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) =>
        inner.CreatePropertyCollectorAsync(propertyCollector, cancellationToken);

    public virtual Task DestroyPropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) =>
        inner.DestroyPropertyCollectorAsync(propertyCollector, cancellationToken);

    public virtual Task<ManagedObject> CreateContainerViewAsync(ManagedObject viewManager, ManagedObject container, IReadOnlyList<string> types, CancellationToken cancellationToken) =>
        inner.CreateContainerViewAsync(viewManager, container, types, cancellationToken);

    public virtual Task DestroyViewAsync(ManagedObject view, CancellationToken cancellationToken) =>
        inner.DestroyViewAsync(view, cancellationToken);

    public virtual Task<ManagedObject> CreateViewFilterAsync(ManagedObject propertyCollector, ManagedObject view, IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken) =>
        inner.CreateViewFilterAsync(propertyCollector, view, sets, cancellationToken);

    public virtual Task<ManagedObject> CreateObjectFilterAsync(ManagedObject propertyCollector, IReadOnlyList<ManagedObject> objects, PropertySet set, CancellationToken cancellationToken) =>
        inner.CreateObjectFilterAsync(propertyCollector, objects, set, cancellationToken);

    public virtual Task<UpdateSet?> WaitForUpdatesAsync(ManagedObject propertyCollector, string version, TimeSpan maxWait, int maxObjectUpdates, CancellationToken cancellationToken) =>
        inner.WaitForUpdatesAsync(propertyCollector, version, maxWait, maxObjectUpdates, cancellationToken);

    public virtual Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken) =>
        inner.RetrievePerfCountersAsync(propertyCollector, perfManager, cancellationToken);

    public virtual Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken) =>
        inner.QueryPerfAsync(perfManager, queries, cancellationToken);

    public virtual Task<string?> QueryOptionAsync(ManagedObject setting, string name, CancellationToken cancellationToken) =>
        inner.QueryOptionAsync(setting, name, cancellationToken);

    public virtual Task<ManagedObject> CreateCollectorForEventsAsync(ManagedObject eventManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        inner.CreateCollectorForEventsAsync(eventManager, begin, cancellationToken);

    public virtual Task SetCollectorPageSizeAsync(ManagedObject collector, int size, CancellationToken cancellationToken) =>
        inner.SetCollectorPageSizeAsync(collector, size, cancellationToken);

    public virtual Task RewindCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) =>
        inner.RewindCollectorAsync(collector, cancellationToken);

    public virtual Task<IReadOnlyList<VimEvent>> ReadNextEventsAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        inner.ReadNextEventsAsync(collector, maxCount, cancellationToken);

    public virtual Task<ManagedObject> CreateCollectorForTasksAsync(ManagedObject taskManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        inner.CreateCollectorForTasksAsync(taskManager, begin, cancellationToken);

    public virtual Task<IReadOnlyList<VimValue>> ReadNextTasksAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        inner.ReadNextTasksAsync(collector, maxCount, cancellationToken);

    public virtual Task DestroyCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) =>
        inner.DestroyCollectorAsync(collector, cancellationToken);
}
