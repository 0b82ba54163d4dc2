using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>Waits for updates by asking again and again, four times a second: what a fake in process has wait comes back in another thread.</summary>
internal sealed class PatientVim(IVim vim, TimeProvider time) : IVim
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    public async Task<UpdateSet?> WaitForUpdatesAsync(ManagedObject propertyCollector, string version, TimeSpan maxWait, int maxObjectUpdates, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pace)
        {
            var update = await vim.WaitForUpdatesAsync(propertyCollector, version, TimeSpan.Zero, maxObjectUpdates, cancellationToken);
            if (update is not null || waited >= maxWait)
                return update;
            await Task.Delay(Pace, time, cancellationToken);
        }
    }

    public Task<ServiceContent> RetrieveServiceContentAsync(CancellationToken cancellationToken) => vim.RetrieveServiceContentAsync(cancellationToken);

    public Task LoginAsync(ManagedObject sessionManager, string user, string password, CancellationToken cancellationToken) => vim.LoginAsync(sessionManager, user, password, cancellationToken);

    public Task LogoutAsync(ManagedObject sessionManager, CancellationToken cancellationToken) => vim.LogoutAsync(sessionManager, cancellationToken);

    public Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken) => vim.CurrentTimeAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, VimValue>> RetrievePropertiesAsync(ManagedObject propertyCollector, ManagedObject of, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        vim.RetrievePropertiesAsync(propertyCollector, of, paths, cancellationToken);

    public Task<ManagedObject> CreatePropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) => vim.CreatePropertyCollectorAsync(propertyCollector, cancellationToken);

    public Task DestroyPropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) => vim.DestroyPropertyCollectorAsync(propertyCollector, cancellationToken);

    public Task<ManagedObject> CreateContainerViewAsync(ManagedObject viewManager, ManagedObject container, IReadOnlyList<string> types, CancellationToken cancellationToken) =>
        vim.CreateContainerViewAsync(viewManager, container, types, cancellationToken);

    public Task DestroyViewAsync(ManagedObject view, CancellationToken cancellationToken) => vim.DestroyViewAsync(view, cancellationToken);

    public Task<ManagedObject> CreateViewFilterAsync(ManagedObject propertyCollector, ManagedObject view, IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken) =>
        vim.CreateViewFilterAsync(propertyCollector, view, sets, cancellationToken);

    public Task<ManagedObject> CreateObjectFilterAsync(ManagedObject propertyCollector, IReadOnlyList<ManagedObject> objects, PropertySet set, CancellationToken cancellationToken) =>
        vim.CreateObjectFilterAsync(propertyCollector, objects, set, cancellationToken);

    public Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken) =>
        vim.RetrievePerfCountersAsync(propertyCollector, perfManager, cancellationToken);

    public Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken) =>
        vim.QueryPerfAsync(perfManager, queries, cancellationToken);

    public Task<string?> QueryOptionAsync(ManagedObject setting, string name, CancellationToken cancellationToken) => vim.QueryOptionAsync(setting, name, cancellationToken);

    public Task<ManagedObject> CreateCollectorForEventsAsync(ManagedObject eventManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        vim.CreateCollectorForEventsAsync(eventManager, begin, cancellationToken);

    public Task SetCollectorPageSizeAsync(ManagedObject collector, int size, CancellationToken cancellationToken) => vim.SetCollectorPageSizeAsync(collector, size, cancellationToken);

    public Task RewindCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) => vim.RewindCollectorAsync(collector, cancellationToken);

    public Task<IReadOnlyList<VimEvent>> ReadNextEventsAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) => vim.ReadNextEventsAsync(collector, maxCount, cancellationToken);

    public Task<ManagedObject> CreateCollectorForTasksAsync(ManagedObject taskManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        vim.CreateCollectorForTasksAsync(taskManager, begin, cancellationToken);

    public Task<IReadOnlyList<VimValue>> ReadNextTasksAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) => vim.ReadNextTasksAsync(collector, maxCount, cancellationToken);

    public Task DestroyCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) => vim.DestroyCollectorAsync(collector, cancellationToken);
}
