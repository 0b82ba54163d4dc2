using Microsoft.Extensions.Logging;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// Reads a vCenter's events for as long as it runs: all since the position, then what comes. From time to time it begins anew a little
/// before the newest, for events that appeared among older ones; after every fault likewise. What was read before is known by its number.
/// </summary>
/// <param name="options">How.</param>
/// <param name="session">Whom to ask.</param>
/// <param name="clock">What the server's clock shows.</param>
/// <param name="made">What is made on the server.</param>
/// <param name="position">How far it has read.</param>
/// <param name="intake">Where events go.</param>
/// <param name="state">How it fares.</param>
/// <param name="backoff">Between attempts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it says what it did.</param>
internal sealed partial class EventFollower(
    EventOptions options, IVCenterSession session, IVCenterClock clock, ServerObjects made, EventPosition position, EventIntake intake, FollowerState state, Backoff backoff,
    TimeProvider time, ILogger logger)
{
    /// <summary>Most that a server gives at once.</summary>
    private const int Page = 1000;

    /// <summary>From one collector to the next: a server that says again and again that there is news, and has none, is not asked without end.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<int> seen = [];
    private bool standsStill;

    /// <summary>Follows until it is told to stop.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SessionChangedException)
            {
                // Nothing is wrong with the new one; but no server makes a new session again and again.
            }
            catch (Exception error)
            {
                state.Failed(error);
            }
            backoff.Failed(null);
            if (cancellationToken.IsCancellationRequested)
                return;
            await backoff.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // Whoever asks first begins the session, and learns what the server is.
        var content = session.Content ?? await session.AskAsync((_, known, _) => Task.FromResult(known), null, cancellationToken);
        var generation = session.Generation;
        if (content.EventManager is null)
            throw new VCenterException("the server has no events", "remove it from the vCenters whose events are wanted");
        intake.InstanceUuid = content.About.InstanceUuid;
        if (position.Resume(content.About.InstanceUuid, clock.Now - options.LookBack))
            intake.Restored($"its instance UUID is {content.About.InstanceUuid} now, and was another");
        var news = new NewsWaiter(session, made, generation, options.Poll, time);
        var isWell = false;
        try
        {
            await news.BeginAsync(Begin(), cancellationToken);
            for (var isFirst = true; ; isFirst = false)
            {
                var began = time.GetTimestamp();
                await ReadAsync(news, generation, isFirst, cancellationToken);
                if (time.GetElapsedTime(began) is var took && took < Shortest)
                    await Task.Delay(Shortest - took, time, cancellationToken);
            }
        }
        catch (VimFaultException)
        {
            isWell = true;
            throw;
        }
        finally
        {
            await news.EndAsync(isWell, cancellationToken);
        }
    }

    /// <summary>Reads with one collector on the server, until it is time for another.</summary>
    private async Task ReadAsync(NewsWaiter news, long generation, bool isFirst, CancellationToken cancellationToken)
    {
        seen.Clear();
        var began = time.GetTimestamp();
        var beganAt = time.GetUtcNow();
        var begin = Begin();
        var collector = await made.MakeAsync((vim, content, cancellation) => vim.CreateCollectorForEventsAsync(content.EventManager!.Value, begin, cancellation), generation, cancellationToken);
        var isWell = false;
        try
        {
            await AskAsync((vim, cancellation) => PrepareAsync(vim, collector, cancellation), generation, cancellationToken);
            var found = await ReadOnAsync(collector, generation, isFirst, cancellationToken);
            // What is new to a new collector, and the last one did not give when it was asked just before: it gives nothing any more.
            standsStill |= found > 0 && !isFirst && !news.IsTold;
            if (position.Complete(beganAt))
                intake.Restored("it has older events than the last one that was read, and not that one");
            backoff.Succeeded();
            state.Succeeded(news.IsTold);
            isWell = true;
            for (var last = beganAt; time.GetElapsedTime(began) < (time.GetUtcNow() - last < options.Overlap ? options.Sweep : options.IdleSweep);)
            {
                var left = (time.GetUtcNow() - last < options.Overlap ? options.Sweep : options.IdleSweep) - time.GetElapsedTime(began);
                var isNews = await news.WaitAsync(left, cancellationToken);
                if (standsStill && !isNews && !news.IsTold)
                    return;
                found = isNews || !news.IsTold ? await ReadOnAsync(collector, generation, isFirst: false, cancellationToken) : 0;
                if (found > 0)
                    last = time.GetUtcNow();
                else if (isNews)
                    return;
            }
        }
        catch (Exception error)
        {
            isWell = error is VimFaultException;
            throw;
        }
        finally
        {
            await made.GiveUpAsync(collector, isWell, cancellationToken);
        }
    }

    /// <summary>Reads until there is nothing more.</summary>
    /// <returns>How many were new.</returns>
    private async Task<int> ReadOnAsync(ManagedObject collector, long generation, bool isFirst, CancellationToken cancellationToken)
    {
        var found = 0;
        while (true)
        {
            var page = await session.AskAsync((vim, _, cancellation) => vim.ReadNextEventsAsync(collector, Page, cancellation), generation, cancellationToken);
            // A server that gives the same ones again has come to its end too.
            var before = seen.Count;
            seen.UnionWith(page.Select(each => each.Key));
            if (seen.Count == before)
                return found;
            VimEvent[] sorted = [.. page.OrderBy(each => each.Key)];
            if (page[0].Key <= page[^1].Key)
                await CheckHoleAsync(sorted[0].Key, generation, isFirst, cancellationToken);
            isFirst = false;
            foreach (var each in sorted)
                found += await intake.TakeAsync(each, cancellationToken) ? 1 : 0;
        }
    }

    private DateTimeOffset Begin() => position.Begin(clock.Now, time.GetUtcNow());

    private static async Task<bool> PrepareAsync(IVim vim, ManagedObject collector, CancellationToken cancellationToken)
    {
        try
        {
            // For vCenter it is only about a page that is not read here; vcsim reads no further than this.
            await vim.SetCollectorPageSizeAsync(collector, Page, cancellationToken);
        }
        catch (VimFaultException fault) when (fault.Fault != "NotAuthenticated")
        {
        }
        await vim.RewindCollectorAsync(collector, cancellationToken);
        return true;
    }

    private Task<T> AskAsync<T>(Func<IVim, CancellationToken, Task<T>> ask, long generation, CancellationToken cancellationToken) =>
        session.AskAsync((vim, _, cancellation) => ask(vim, cancellation), generation, cancellationToken);
}
