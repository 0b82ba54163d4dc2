namespace Observe.Collectors.VCenter.Vim;

/// <summary>
/// The methods of the vim25 API that are used, over whatever carries them. One call is one request: nothing is repeated here.
/// Every method throws <see cref="VimFaultException"/> where the server refuses, <see cref="VCenterException"/> where it cannot be
/// reached, answers too late, too much, or what is no answer, and <see cref="OperationCanceledException"/> only where the caller
/// cancelled. Thread-safe.
/// </summary>
internal interface IVim
{
    /// <summary>Where everything begins. Needs no session.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ServiceContent> RetrieveServiceContentAsync(CancellationToken cancellationToken);

    /// <summary>Begins a session; what follows is asked in it.</summary>
    /// <param name="sessionManager">Of the service content.</param>
    /// <param name="user">Name.</param>
    /// <param name="password">Password.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="VimFaultException"><c>InvalidLogin</c>: they are wrong, or the account is locked.</exception>
    Task LoginAsync(ManagedObject sessionManager, string user, string password, CancellationToken cancellationToken);

    /// <summary>Ends the session, with all that was made in it.</summary>
    /// <param name="sessionManager">Of the service content.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task LogoutAsync(ManagedObject sessionManager, CancellationToken cancellationToken);

    /// <summary>What the server's clock shows. Keeps the session alive.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken);

    /// <summary>Properties of one object, at once.</summary>
    /// <param name="propertyCollector">Any of the session.</param>
    /// <param name="of">The object.</param>
    /// <param name="paths">The properties.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Those that are set.</returns>
    Task<IReadOnlyDictionary<string, VimValue>> RetrievePropertiesAsync(ManagedObject propertyCollector, ManagedObject of, IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>A property collector of its own: one for each loop that waits, for versions are the collector's.</summary>
    /// <param name="propertyCollector">The session's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ManagedObject> CreatePropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken);

    /// <summary>Gives one up, with its filters.</summary>
    /// <param name="propertyCollector">It.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task DestroyPropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken);

    /// <summary>A view of all objects of some types beneath a container, which follows them.</summary>
    /// <param name="viewManager">Of the service content.</param>
    /// <param name="container">The container: the root folder.</param>
    /// <param name="types">The types.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ManagedObject> CreateContainerViewAsync(ManagedObject viewManager, ManagedObject container, IReadOnlyList<string> types, CancellationToken cancellationToken);

    /// <summary>Gives a view up.</summary>
    /// <param name="view">It.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task DestroyViewAsync(ManagedObject view, CancellationToken cancellationToken);

    /// <summary>Begins to follow properties of the objects of a view, in partial updates.</summary>
    /// <param name="propertyCollector">Who follows.</param>
    /// <param name="view">The view; its own property <c>view</c> leads to the objects.</param>
    /// <param name="sets">What of each type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ManagedObject> CreateViewFilterAsync(ManagedObject propertyCollector, ManagedObject view, IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken);

    /// <summary>Begins to follow properties of single objects, in partial updates.</summary>
    /// <param name="propertyCollector">Who follows.</param>
    /// <param name="objects">The objects, all of one type.</param>
    /// <param name="set">What of them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ManagedObject> CreateObjectFilterAsync(ManagedObject propertyCollector, IReadOnlyList<ManagedObject> objects, PropertySet set, CancellationToken cancellationToken);

    /// <summary>Waits for changes since a version.</summary>
    /// <param name="propertyCollector">Whose filters.</param>
    /// <param name="version">The last one; empty for the first, in which all is new.</param>
    /// <param name="maxWait">How long the server may wait, in whole seconds; its answer is waited for longer than that.</param>
    /// <param name="maxObjectUpdates">Objects in one answer, at most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null if nothing changed meanwhile.</returns>
    /// <exception cref="VimFaultException"><c>InvalidCollectorVersion</c>: begin anew with the first.</exception>
    Task<UpdateSet?> WaitForUpdatesAsync(ManagedObject propertyCollector, string version, TimeSpan maxWait, int maxObjectUpdates, CancellationToken cancellationToken);

    /// <summary>All performance counters that the server has.</summary>
    /// <param name="propertyCollector">Any of the session.</param>
    /// <param name="perfManager">Of the service content.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken);

    /// <summary>Samples of some entities.</summary>
    /// <param name="perfManager">Of the service content.</param>
    /// <param name="queries">What of whom.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Of those that have any, in the format <c>normal</c>.</returns>
    Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken);

    /// <summary>One of the vCenter's own options.</summary>
    /// <param name="setting">The option manager.</param>
    /// <param name="name">Which: <c>config.vpxd.stats.maxQueryMetrics</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null if it is not set (the server's fault <c>InvalidName</c>).</returns>
    Task<string?> QueryOptionAsync(ManagedObject setting, string name, CancellationToken cancellationToken);

    /// <summary>A collector of the events since a moment, oldest first once it is rewound.</summary>
    /// <param name="eventManager">Of the service content.</param>
    /// <param name="begin">From then on, inclusive, on the server's clock; null: from the oldest.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ManagedObject> CreateCollectorForEventsAsync(ManagedObject eventManager, DateTimeOffset? begin, CancellationToken cancellationToken);

    /// <summary>Sets how many are in the property <c>latestPage</c>; 1,000 at most.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task SetCollectorPageSizeAsync(ManagedObject collector, int size, CancellationToken cancellationToken);

    /// <summary>Moves a collector before its oldest item.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task RewindCollectorAsync(ManagedObject collector, CancellationToken cancellationToken);

    /// <summary>Reads on, towards newer ones.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="maxCount">At most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Empty: there are no more for now.</returns>
    Task<IReadOnlyList<VimEvent>> ReadNextEventsAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken);

    /// <summary>A collector of the tasks that were queued since a moment, whatever has become of them.</summary>
    /// <param name="taskManager">Of the service content.</param>
    /// <param name="begin">On the server's clock; null: all that it remembers.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ManagedObject> CreateCollectorForTasksAsync(ManagedObject taskManager, DateTimeOffset? begin, CancellationToken cancellationToken);

    /// <summary>Reads on, towards newer ones.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="maxCount">At most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Each a <c>TaskInfo</c>; empty: there are no more for now.</returns>
    Task<IReadOnlyList<VimValue>> ReadNextTasksAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken);

    /// <summary>Gives a collector of events or tasks up: a session has 32.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task DestroyCollectorAsync(ManagedObject collector, CancellationToken cancellationToken);
}
