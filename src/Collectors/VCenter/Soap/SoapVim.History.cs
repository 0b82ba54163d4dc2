using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <content>Events and tasks.</content>
internal sealed partial class SoapVim
{
    /// <inheritdoc/>
    public Task<ManagedObject> CreateCollectorForEventsAsync(ManagedObject eventManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        CreateAsync("CreateCollectorForEvents", eventManager, cancellationToken, xml => xml.WriteMembers("filter", filter =>
        {
            if (begin is { } since)
                filter.WriteMembers("time", time => time.WriteText("beginTime", VimTime.Format(since)));
        }));

    /// <inheritdoc/>
    public Task SetCollectorPageSizeAsync(ManagedObject collector, int size, CancellationToken cancellationToken) =>
        CallAsync("SetCollectorPageSize", collector, cancellationToken, xml => xml.WriteNumber("maxCount", size));

    /// <inheritdoc/>
    public Task RewindCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) => CallAsync("RewindCollector", collector, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<VimEvent>> ReadNextEventsAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        VimReading.Events(await ReadNextAsync("ReadNextEvents", collector, maxCount, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public Task<ManagedObject> CreateCollectorForTasksAsync(ManagedObject taskManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        CreateAsync("CreateCollectorForTasks", taskManager, cancellationToken, xml => xml.WriteMembers("filter", filter =>
        {
            if (begin is { } since)
                filter.WriteMembers("time", time => WriteSince(time, since));
        }));

    /// <inheritdoc/>
    public Task<IReadOnlyList<VimValue>> ReadNextTasksAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        ReadNextAsync("ReadNextTasks", collector, maxCount, cancellationToken);

    /// <inheritdoc/>
    public Task DestroyCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) => CallAsync("DestroyCollector", collector, cancellationToken);

    private Task<IReadOnlyList<VimValue>> ReadNextAsync(string method, ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        CallAsync(method, collector, cancellationToken, xml => xml.WriteNumber("maxCount", maxCount));

    // By when they were queued, which every task was, running or ended; who wants those that were begun before and ended since
    // chooses the moment accordingly.
    private static void WriteSince(XmlWriter time, DateTimeOffset since)
    {
        time.WriteText("timeType", "queuedTime");
        time.WriteText("beginTime", VimTime.Format(since));
    }
}
