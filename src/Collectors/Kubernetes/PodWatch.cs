using Microsoft.Extensions.Logging;
using Observe.Collectors.Kubernetes.Api;

namespace Observe.Collectors.Kubernetes;

/// <summary>
/// Keeps the table of pods like the API server's: one list, then a watch that goes on from there, and another one from where that
/// ended. Everything is listed again only if the API server no longer has the changes since. Before any request but the first and
/// the pages of a list there is a pause, longer after each failure: no trouble makes more than about one request a second.
/// </summary>
internal sealed partial class PodWatch
{
    private readonly PodApi api;
    private readonly PodTable pods;
    private readonly WatchTimings timings;
    private readonly WatchEvents events;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Random random = new();
    private readonly Backoff backoff;
    private readonly PodLifecycle? lifecycle;
    private string? version;

    /// <summary>Prepares; nothing is asked before <see cref="RunAsync"/>.</summary>
    /// <param name="api">Who is asked.</param>
    /// <param name="pods">What is kept.</param>
    /// <param name="timings">How long things may take.</param>
    /// <param name="events">Counts them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where changes for the worse and for the better are said.</param>
    /// <param name="lifecycle">Tells what happened to them; null: nobody wants to know.</param>
    public PodWatch(PodApi api, PodTable pods, WatchTimings timings, WatchEvents events, TimeProvider time, ILogger logger, PodLifecycle? lifecycle = null)
    {
        this.lifecycle = lifecycle;
        this.api = api;
        this.pods = pods;
        this.timings = timings;
        this.events = events;
        this.time = time;
        this.logger = logger;
        backoff = new Backoff(timings.FirstPause, timings.LongestPause, timings.LongestAsked, time, random);
    }

    /// <summary>Follows the pods until it is stopped.</summary>
    /// <param name="stopping">Ends it, with an exception that says so.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            backoff.Failed(await TurnAsync(stopping).ConfigureAwait(false));
            await backoff.WaitAsync(stopping).ConfigureAwait(false);
        }
    }

    /// <summary>One watch, with a list before it if there is need.</summary>
    /// <returns>Least pause after it; null if any will do.</returns>
    private async Task<TimeSpan?> TurnAsync(CancellationToken stopping)
    {
        try
        {
            version ??= await ListAsync(stopping).ConfigureAwait(false);
            await WatchAsync(version, stopping).ConfigureAwait(false);
            return null;
        }
        catch (ApiException error)
        {
            if (!error.CanResume)
                version = null;
            if (!error.IsExpired)
                Fail(error);
            return error.RetryAfter;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            version = null;
            Fail(new ApiException($"{error.GetType().Name}: {error.Message}", "report this as a bug"));
            return timings.LongestPause;
        }
    }

    private async Task<string> ListAsync(CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(timings.AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        var there = new HashSet<string>(StringComparer.Ordinal);
        ListMeta? meta;
        string? next = null;
        do
        {
            var page = await Within(api.ListAsync(next, either.Token), "list", deadline).ConfigureAwait(false);
            foreach (var pod in page.Items ?? [])
            {
                pods.Take(Named(pod));
                lifecycle?.Take(pod!);
                there.Add(pod!.Metadata!.Uid!);
            }
            meta = page.Metadata;
            next = meta?.Continue;
        }
        // Beyond what the table holds there is nothing to be learnt.
        while (!string.IsNullOrEmpty(next) && there.Count <= PodTable.Capacity);
        pods.KeepOnly(there);
        lifecycle?.KeepOnly(there);
        Confirm();
        return meta?.ResourceVersion ?? throw PodWatchStream.Garbage("a list without a version");
    }

    private async Task WatchAsync(string from, CancellationToken stopping)
    {
        var seconds = random.Next(timings.ShortestWatch, timings.LongestWatch + 1);
        using var deadline = new CancellationTokenSource(timings.AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        using var watch = await Within(api.WatchAsync(from, seconds, either.Token), "watch", deadline).ConfigureAwait(false);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds) + timings.Grace);
        Follow();
        var began = time.GetTimestamp();
        try
        {
            while (await watch.NextAsync(either.Token).ConfigureAwait(false) is { } type)
                Take(type, watch);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException && !stopping.IsCancellationRequested)
        {
            // Everyday: a proxy's idle time, an API server that restarts. What it means will show at the next request.
            Log.Ended(logger, deadline.IsCancellationRequested ? "the API server did not end it in time" : error.Message);
        }
        if (time.GetElapsedTime(began) >= timings.LongestPause)
            backoff.Succeeded();
    }

    private void Take(string type, PodWatchStream watch)
    {
        events.Count(type);
        switch (type)
        {
            case "ADDED" or "MODIFIED":
                var pod = Named(watch.Pod());
                pods.Take(pod);
                lifecycle?.Take(pod);
                Advance(pod);
                break;
            case "DELETED":
                var gone = Named(watch.Pod());
                pods.Drop(gone.Metadata!.Uid!);
                lifecycle?.Drop(gone);
                Advance(gone);
                break;
            case "BOOKMARK":
                Advance(watch.Pod());
                break;
            case "ERROR":
                throw watch.Error();
        }
    }

    private void Advance(Pod pod)
    {
        version = pod.Metadata?.ResourceVersion is { Length: > 0 } known ? known : throw PodWatchStream.Garbage("an object without a version");
        Confirm();
        backoff.Succeeded();
    }

    private static Pod Named(Pod? pod) => pod is { Metadata: { Name.Length: > 0, Namespace.Length: > 0, Uid.Length: > 0 } }
        ? pod
        : throw PodWatchStream.Garbage("a pod without a name, namespace or uid");

    private async Task<T> Within<T>(Task<T> answer, string verb, CancellationTokenSource deadline)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new ApiException($"the API server did not answer {verb} of pods within {timings.AnswerWithin.TotalSeconds:0.###} s", "look at its load; it is asked again");
        }
    }
}
