using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A server that can be asked what time it is, and nothing else.</summary>
internal abstract class OnlyTime : IVim
{
    public Task<UpdateSet?> WaitForUpdatesAsync(ManagedObject propertyCollector, string version, TimeSpan maxWait, int maxObjectUpdates, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ServiceContent> RetrieveServiceContentAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task LoginAsync(ManagedObject sessionManager, string user, string password, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task LogoutAsync(ManagedObject sessionManager, CancellationToken cancellationToken) => throw new NotSupportedException();

    public abstract Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken);

    public Task<IReadOnlyDictionary<string, VimValue>> RetrievePropertiesAsync(ManagedObject propertyCollector, ManagedObject of, IReadOnlyList<string> paths, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ManagedObject> CreatePropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DestroyPropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ManagedObject> CreateContainerViewAsync(ManagedObject viewManager, ManagedObject container, IReadOnlyList<string> types, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DestroyViewAsync(ManagedObject view, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ManagedObject> CreateViewFilterAsync(ManagedObject propertyCollector, ManagedObject view, IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ManagedObject> CreateObjectFilterAsync(ManagedObject propertyCollector, IReadOnlyList<ManagedObject> objects, PropertySet set, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> QueryOptionAsync(ManagedObject setting, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ManagedObject> CreateCollectorForEventsAsync(ManagedObject eventManager, DateTimeOffset? begin, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetCollectorPageSizeAsync(ManagedObject collector, int size, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RewindCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<VimEvent>> ReadNextEventsAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ManagedObject> CreateCollectorForTasksAsync(ManagedObject taskManager, DateTimeOffset? begin, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<VimValue>> ReadNextTasksAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DestroyCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) => throw new NotSupportedException();
}
