using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.Traces;
using Observe.Collectors.VCenter.Inventory;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter;

/// <summary>
/// vCenters and ESXi hosts: what they manage, every sample they take of it, and what happens there. Each is followed in the background
/// by itself, so that a collection takes what is known and waits for nobody, and one that is down costs the others nothing.
/// </summary>
public sealed class VCenterCollector : ICollector, IAsyncDisposable
{
    private readonly VCenterInstance[] instances;
    private readonly GuestJoin join;
    private readonly Lazy<Task> ending;

    /// <summary>Begins to follow all of them.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="timeline">Where their events go.</param>
    /// <param name="queue">Where their samples wait to be pushed.</param>
    /// <param name="clock">How far this host's clock may be from UTC.</param>
    /// <param name="host">Whose the series of following them are.</param>
    /// <param name="losses">Where what is lost is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where comings and goings go.</param>
    /// <param name="location">Told which virtual machine this host is; null: nobody wants to know.</param>
    public VCenterCollector(
        VCenterOptions options, EventTimeline timeline, SampleQueue queue, UnifiedClock clock, Resource host, LossCounters losses, TimeProvider time, ILogger<VCenterCollector> logger,
        GuestLocation? location = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        instances = [.. options.Endpoints.Select(each => new VCenterInstance(each, options, timeline, queue, clock, host, losses, time, logger))];
        ending = new Lazy<Task>(EndAsync);
        join = new GuestJoin(host.Attributes.FirstOrDefault(each => each.Key == "host.id").Value, host, [.. instances.Select(each => (each.Name, each.Inventory))], time);
        location?.Follow(() => join.Place);
    }

    /// <inheritdoc/>
    public string Name => "vcenter";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => join.Status is { } joined ? instances.SelectMany(each => each.Status).Append(joined) : instances.SelectMany(each => each.Status);

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var instance in instances)
            instance.Export(builder);
        join.Export(builder);
        var failures = instances.Select(each => (each.Name, each.Failure)).Where(each => each.Failure is not null).Select(each => $"{each.Name}: {each.Failure}").ToList();
        return new(failures.Count == 0 ? CollectResult.Ok : CollectResult.Failed(string.Join("; ", failures)));
    }

    /// <summary>Follows none of them any more; what is known of them is exported all the same. Once, however often it is asked for.</summary>
    public Task StopAsync() => ending.Value;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync());

    private async Task EndAsync()
    {
        foreach (var each in instances.Select(each => each.DisposeAsync().AsTask()).ToList())
            await each.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
