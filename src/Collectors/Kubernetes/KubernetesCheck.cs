using Observe.Collectors.Kubernetes.Api;

namespace Observe.Collectors.Kubernetes;

/// <summary>Tries what the collector would do, for <c>observe check</c>.</summary>
public static class KubernetesCheck
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    /// <summary>Lists the pods of this node and begins to watch them.</summary>
    /// <param name="options">Where and which.</param>
    /// <param name="environment">Value of an environment variable; null if it is not set.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Absent if nothing would be asked here; never throws for what the API server does.</returns>
    public static async Task<ComponentStatus> RunAsync(KubernetesOptions options, Func<string, string?> environment, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.IsWanted(environment))
        {
            return new ComponentStatus(SyncRow.Name, StatusLevel.Absent,
                options.Enabled == KubernetesMode.Off ? "switched off (collectors.kubernetes.enabled)" : "not in a pod with a service account");
        }
        var access = ClusterAccess.Of(options, environment);
        using var api = new PodApi(access, new WatchTimings(), new ApiRequests(), time);
        using var deadline = new CancellationTokenSource(Within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return SyncRow.Of(new SyncState { Pods = await CountAsync(api, either.Token).ConfigureAwait(false), Follows = true }, access);
        }
        catch (ApiException error)
        {
            return SyncRow.Of(new SyncState { Failure = error }, access);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return SyncRow.Of(new SyncState { Failure = new ApiException($"no answer from the API server {access.ApiServer} within {Within.TotalSeconds:0} s", "look at the network and the API server") }, access);
        }
    }

    /// <returns>Pods of the first page: as many as there are, but for nodes that no kubelet has.</returns>
    private static async Task<int> CountAsync(PodApi api, CancellationToken cancellationToken)
    {
        var page = await api.ListAsync(null, cancellationToken).ConfigureAwait(false);
        using var watch = await api.WatchAsync(page.Metadata?.ResourceVersion ?? throw PodWatchStream.Garbage("a list without a version"), 1, cancellationToken).ConfigureAwait(false);
        return page.Items?.Count ?? 0;
    }
}
