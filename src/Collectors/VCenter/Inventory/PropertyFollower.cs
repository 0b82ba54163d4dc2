using Microsoft.Extensions.Logging;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// Follows properties of everything in an inventory: all once, then what changes, as the server pushes it. Whatever ends that,
/// it begins anew, and what is gone meanwhile shows by not being told again.
/// </summary>
internal sealed partial class PropertyFollower
{
    private readonly string vcenter;
    private readonly string what;
    private readonly IVCenterSession session;
    private readonly IFollowTarget target;
    private readonly FollowTimings timings;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Backoff backoff;
    private readonly List<(ManagedObject Object, string Path)> unplaced = [];
    private IReadOnlyList<PropertySet> sets;

    /// <summary>Prepares; nothing is asked before <see cref="RunAsync"/>.</summary>
    /// <param name="vcenter">The vCenter's name, for messages.</param>
    /// <param name="what">What is followed, for messages.</param>
    /// <param name="sets">The properties.</param>
    /// <param name="session">Who is asked.</param>
    /// <param name="target">Who is told.</param>
    /// <param name="timings">How often.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The jitter of pauses.</param>
    /// <param name="logger">Where changes for the worse and for the better are said.</param>
    public PropertyFollower(
        string vcenter, string what, IReadOnlyList<PropertySet> sets, IVCenterSession session, IFollowTarget target, FollowTimings timings, TimeProvider time, Random random, ILogger logger)
    {
        this.vcenter = vcenter;
        this.what = what;
        this.sets = sets;
        this.session = session;
        this.target = target;
        this.timings = timings;
        this.time = time;
        this.logger = logger;
        backoff = new Backoff(timings.FirstPause, timings.LongestPause, timings.LongestPause, time, random);
    }

    /// <summary>Follows until it is stopped, and gives up what it made on the server.</summary>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var server = new ServerSide(session);
            var again = false;
            try
            {
                await FollowAsync(server, stopping).ConfigureAwait(false);
                again = true;
            }
            catch (Exception error)
            {
                if (!stopping.IsCancellationRequested)
                    again = Failed(error);
            }
            using (var enough = new CancellationTokenSource(timings.StopWithin, time))
                await server.DestroyAsync(enough.Token).ConfigureAwait(false);
            if (again)
                continue;
            backoff.Failed(null);
            await backoff.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Everything once, and changes from then on.</summary>
    /// <returns>When it is time to have everything told anew; all other ends are exceptions.</returns>
    private async Task FollowAsync(ServerSide server, CancellationToken stopping)
    {
        var about = await server.CreateAsync(sets, stopping).ConfigureAwait(false);
        target.Begin(about);
        Interlocked.Increment(ref resyncs);
        var began = time.GetTimestamp();
        var (version, isTruncated, isComplete) = ("", false, false);
        while (timings.RenewAfter is not { } age || !isComplete || isTruncated || time.GetElapsedTime(began) < age)
        {
            UpdateSet? set;
            try
            {
                set = await server.WaitAsync(version, timings.MaxWait, timings.MaxObjects, stopping).ConfigureAwait(false);
            }
            catch (VCenterException error) when (!isTruncated && !stopping.IsCancellationRequested)
            {
                // What the answer would have been, the server tells again: this version has not been superseded as far as it knows.
                Troubled(error);
                backoff.Failed(null);
                await backoff.WaitAsync(stopping).ConfigureAwait(false);
                continue;
            }
            if (set is not null)
            {
                await ApplyAsync(server, set.Updates, stopping).ConfigureAwait(false);
                (version, isTruncated) = (set.Version, set.IsTruncated);
                if (isTruncated)
                    continue;
                target.Complete();
                isComplete = true;
            }
            if (isComplete)
                Heard();
            if (timings.Pace > TimeSpan.Zero)
                await Task.Delay(timings.Pace, time, stopping).ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(ServerSide server, IReadOnlyList<ObjectUpdate> updates, CancellationToken stopping)
    {
        Interlocked.Add(ref this.updates, updates.Count);
        unplaced.Clear();
        target.Apply(updates, unplaced);
        foreach (var (of, path) in unplaced.Distinct().ToArray())
        {
            var value = await server.ReadAsync(of, path, stopping).ConfigureAwait(false);
            target.Apply([new ObjectUpdate("modify", of, [new PropertyChange(path, "assign", value)], [])], unplaced);
        }
    }

    /// <summary>Takes note of what ended it.</summary>
    /// <returns>Whether there is nothing to wait for.</returns>
    private bool Failed(Exception error)
    {
        switch (error)
        {
            case VimFaultException { Fault: "InvalidProperty", Detail: { } detail } when Without(detail["name"]?.Text) is { } fewer:
                Log.PropertyRefused(logger, vcenter, what, detail["name"]!.Text);
                sets = fewer;
                return true;
            case SessionChangedException when !isBegunAtOnce:
            case VimFaultException { Fault: "InvalidCollectorVersion" or "ManagedObjectNotFound" } when !isBegunAtOnce:
                // Everyday, and the first that is heard of a server that was away: once without a pause, until all has been told again.
                isBegunAtOnce = true;
                state = State with { IsFollowing = false };
                return true;
            case VimFaultException fault:
                Troubled($"the server refused with {fault.Fault}: {fault.Message}", Remedy(fault));
                return false;
            case VCenterException failure:
                Troubled(failure);
                return false;
            case SessionChangedException changed:
                // Which the session has told of, and which says that the server is there again: what was waited before does not count.
                Troubled(changed.Message, null, isTold: true);
                backoff.Succeeded();
                return false;
            default:
                Troubled($"{error.GetType().Name}: {error.Message}", "report this as a bug");
                return false;
        }
    }

    /// <summary>The properties without one that this server does not know; null if that was none of them.</summary>
    private PropertySet[]? Without(string? path)
    {
        var known = sets.Sum(set => set.Paths.Count);
        var fewer = sets.Select(set => new PropertySet(set.Type, [.. set.Paths.Where(each => each != path)])).ToArray();
        return fewer.Sum(set => set.Paths.Count) < known ? fewer : null;
    }

    private static string? Remedy(VimFaultException fault) => fault.Fault switch
    {
        "NoPermission" => "give the account the role Read-only on the vCenter, propagated to its children",
        _ => null,
    };
}
