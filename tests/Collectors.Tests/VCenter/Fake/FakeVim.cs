using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A client of a fake vCenter in process: what a connection is over HTTP, with its session, its troubles and latencies, without the bytes.</summary>
/// <param name="vcenter">The vCenter.</param>
/// <param name="timeout">How long an answer is waited for, beyond what the server was let wait; null: for ever.</param>
internal sealed class FakeVim(FakeVCenter vcenter, TimeSpan? timeout) : IVim
{
    private FakeSession? session;

    /// <summary>Its session; null if it has none.</summary>
    public FakeSession? Session => vcenter.Sessions.Find(session?.Key);

    /// <summary>Ends its session, as an administrator would.</summary>
    public void KillSession() => vcenter.Sessions.Kill(session);

    public Task<ServiceContent> RetrieveServiceContentAsync(CancellationToken cancellationToken) =>
        AskAsync("RetrieveServiceContent", FakeServices.ServiceInstance, () => vcenter.Content, cancellationToken);

    public Task LoginAsync(ManagedObject sessionManager, string user, string password, CancellationToken cancellationToken) =>
        AskAsync("Login", sessionManager, () => session = vcenter.Sessions.Login(Session, user, password), cancellationToken);

    public Task LogoutAsync(ManagedObject sessionManager, CancellationToken cancellationToken) => AskAsync("Logout", sessionManager, on =>
    {
        vcenter.Sessions.Logout(on);
        return true;
    }, cancellationToken);

    public Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken) =>
        AskAsync("CurrentTime", FakeServices.ServiceInstance, _ => vcenter.Clock.Now, cancellationToken);

    public Task<IReadOnlyDictionary<string, VimValue>> RetrievePropertiesAsync(ManagedObject propertyCollector, ManagedObject of, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyDictionary<string, VimValue>>("RetrievePropertiesEx", propertyCollector, on =>
            vcenter.PropertyCollectors.Retrieve(on, propertyCollector, [new PropertySet(of.Type, paths)], [(of, false)])
                .SelectMany(each => each.Changes).ToDictionary(each => each.Path, each => Wire.Show(each.Value!)), cancellationToken);

    public Task<ManagedObject> CreatePropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) =>
        AskAsync("CreatePropertyCollector", propertyCollector, vcenter.PropertyCollectors.Create, cancellationToken);

    public Task DestroyPropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) =>
        DoAsync("DestroyPropertyCollector", propertyCollector, on => vcenter.PropertyCollectors.Destroy(on, propertyCollector), cancellationToken);

    public Task<ManagedObject> CreateContainerViewAsync(ManagedObject viewManager, ManagedObject container, IReadOnlyList<string> types, CancellationToken cancellationToken) =>
        AskAsync("CreateContainerView", viewManager, on => vcenter.PropertyCollectors.CreateView(on, container, types, isRecursive: true), cancellationToken);

    public Task DestroyViewAsync(ManagedObject view, CancellationToken cancellationToken) =>
        DoAsync("DestroyView", view, on => vcenter.PropertyCollectors.DestroyView(on, view), cancellationToken);

    public Task<ManagedObject> CreateViewFilterAsync(ManagedObject propertyCollector, ManagedObject view, IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken) =>
        AskAsync("CreateFilter", propertyCollector, on => vcenter.PropertyCollectors.CreateFilter(on, propertyCollector, sets, [(view, true)], isPartial: true), cancellationToken);

    public Task<ManagedObject> CreateObjectFilterAsync(ManagedObject propertyCollector, IReadOnlyList<ManagedObject> objects, PropertySet set, CancellationToken cancellationToken) =>
        AskAsync("CreateFilter", propertyCollector, on => vcenter.PropertyCollectors.CreateFilter(on, propertyCollector, [set], [.. objects.Select(each => (each, false))], isPartial: true), cancellationToken);

    public async Task<UpdateSet?> WaitForUpdatesAsync(ManagedObject propertyCollector, string version, TimeSpan maxWait, int maxObjectUpdates, CancellationToken cancellationToken)
    {
        // The protocol has whole seconds only.
        var wait = TimeSpan.FromSeconds((int)maxWait.TotalSeconds);
        var answer = await CallAsync("WaitForUpdatesEx", propertyCollector, wait, ending => vcenter.PropertyCollectors.WaitAsync(Need(propertyCollector), propertyCollector, version, wait, maxObjectUpdates, ending), cancellationToken);
        return answer is null ? null : new UpdateSet(answer.Version, answer.IsTruncated, [.. answer.Updates.SelectMany(each => each.Updates).Select(Shown)]);
    }

    public Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<PerfCounter>>("RetrievePropertiesEx", propertyCollector, _ => [.. vcenter.Performance.Counters.Select(each => new PerfCounter(each.Id, each.FullName, each.Unit, each.Kind))], cancellationToken);

    public Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<PerfEntitySamples>>("QueryPerf", perfManager, on => [.. vcenter.Performance.Query(on, [.. queries.Select(each => (each, (DateTimeOffset?)null))]).Where(each => each.Times.Count > 0)], cancellationToken);

    public async Task<string?> QueryOptionAsync(ManagedObject setting, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync("QueryOptions", setting, _ => vcenter.Option(name), cancellationToken);
        }
        catch (VimFaultException unset) when (unset.Fault == "InvalidName")
        {
            return null;
        }
    }

    public Task<ManagedObject> CreateCollectorForEventsAsync(ManagedObject eventManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        AskAsync("CreateCollectorForEvents", eventManager, on => vcenter.Events.CreateCollector(on, begin, null, [], null), cancellationToken);

    public Task SetCollectorPageSizeAsync(ManagedObject collector, int size, CancellationToken cancellationToken) =>
        DoAsync("SetCollectorPageSize", collector, on => vcenter.Events.SetPageSize(on, collector, size), cancellationToken);

    public Task RewindCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) =>
        DoAsync("RewindCollector", collector, on => vcenter.Events.Rewind(on, collector), cancellationToken);

    public Task<IReadOnlyList<VimEvent>> ReadNextEventsAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<VimEvent>>("ReadNextEvents", collector, on => [.. vcenter.Events.Read(on, collector, "EventHistoryCollector", maxCount, isForward: true).Cast<FakeEvent>().Select(each => each.ToVim())], cancellationToken);

    public Task<ManagedObject> CreateCollectorForTasksAsync(ManagedObject taskManager, DateTimeOffset? begin, CancellationToken cancellationToken) =>
        AskAsync("CreateCollectorForTasks", taskManager, on => vcenter.Tasks.CreateCollector(on, "queuedTime", begin, null, []), cancellationToken);

    public Task<IReadOnlyList<VimValue>> ReadNextTasksAsync(ManagedObject collector, int maxCount, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<VimValue>>("ReadNextTasks", collector, on => [.. vcenter.Events.Read(on, collector, "TaskHistoryCollector", maxCount, isForward: true).Select(each => Wire.Show(each.Value, isSaid: false))], cancellationToken);

    public Task DestroyCollectorAsync(ManagedObject collector, CancellationToken cancellationToken) =>
        DoAsync("DestroyCollector", collector, on => vcenter.Events.Destroy(on, collector), cancellationToken);

    private static ObjectUpdate Shown(ObjectUpdate update) =>
        update with { Changes = [.. update.Changes.Select(each => each.Value is null ? each : each with { Value = Wire.Show(each.Value) })] };

    private FakeSession Need(ManagedObject on) => FakeVCenter.Need(session, on);

    private Task<T> AskAsync<T>(string method, ManagedObject on, Func<T> ask, CancellationToken cancellationToken) =>
        CallAsync(method, on, TimeSpan.Zero, _ => Task.FromResult(ask()), cancellationToken);

    private Task<T> AskAsync<T>(string method, ManagedObject on, Func<FakeSession, T> ask, CancellationToken cancellationToken) =>
        AskAsync(method, on, () => ask(Need(on)), cancellationToken);

    private Task<bool> DoAsync(string method, ManagedObject on, Action<FakeSession> act, CancellationToken cancellationToken) => AskAsync(method, on, () =>
    {
        act(Need(on));
        return true;
    }, cancellationToken);

    private async Task<T> CallAsync<T>(string method, ManagedObject on, TimeSpan wait, Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(timeout is { } most ? most + wait : Timeout.InfiniteTimeSpan, vcenter.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await ServeAsync(method, on, act, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VCenterException($"{method}: no answer within {timeout + wait}");
        }
    }

    private async Task<T> ServeAsync<T>(string method, ManagedObject on, Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        var request = vcenter.Take(method, on.Id, Session);
        switch (request.Trouble)
        {
            case FakeTrouble.CutBefore or FakeTrouble.Http500 or FakeTrouble.Http503 or FakeTrouble.ProxyPage:
                throw new VCenterException($"{method}: {request.Trouble}");
            case FakeTrouble.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                break;
        }
        var answer = await vcenter.ActAsync(request, Session, () => act(cancellationToken), cancellationToken);
        return request.Trouble is FakeTrouble.CutAfter or FakeTrouble.CutMidAnswer or FakeTrouble.Garbage ? throw new VCenterException($"{method}: {request.Trouble}") : answer;
    }
}
