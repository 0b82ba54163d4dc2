using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// Waits until there is news, by the page of latest events of a collector of its own: that page is unordered and short, so it says only
/// that something came. Where a server does not tell, time is what is waited for. One session; one thread at a time.
/// </summary>
/// <param name="session">Whom to ask.</param>
/// <param name="made">What is made on the server.</param>
/// <param name="generation">The session it lives in.</param>
/// <param name="poll">How long to wait where nobody tells.</param>
/// <param name="time">The clock.</param>
internal sealed class NewsWaiter(IVCenterSession session, ServerObjects made, long generation, TimeSpan poll, TimeProvider time)
{
    /// <summary>The newest event is enough to be woken by.</summary>
    private const int Page = 1;

    /// <summary>Longest that a server is left to wait.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly List<ManagedObject> mine = [];
    private ManagedObject propertyCollector;
    private string version = "";
    private bool isDeaf = true;

    /// <summary>Whether the server tells of news.</summary>
    public bool IsTold => !isDeaf;

    /// <summary>Begins; what comes from now on is told of.</summary>
    /// <param name="begin">The collector is of events from then on.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task BeginAsync(DateTimeOffset begin, CancellationToken cancellationToken)
    {
        try
        {
            propertyCollector = await MakeAsync((vim, content, cancellation) => vim.CreatePropertyCollectorAsync(content.PropertyCollector, cancellation), cancellationToken);
            var latest = await MakeAsync((vim, content, cancellation) => vim.CreateCollectorForEventsAsync(content.EventManager!.Value, begin, cancellation), cancellationToken);
            await ResizeAsync(latest, cancellationToken);
            await session.AskAsync(
                (vim, _, cancellation) => vim.CreateObjectFilterAsync(propertyCollector, [latest], new PropertySet(latest.Type, ["latestPage"]), cancellation), generation, cancellationToken);
            isDeaf = false;
            await AskAsync(TimeSpan.Zero, cancellationToken);
        }
        catch (VimFaultException)
        {
            isDeaf = true;
        }
    }

    /// <summary>Waits.</summary>
    /// <param name="atMost">How long.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the server said that there is news.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!isDeaf)
        {
            try
            {
                return await AskAsync(atMost < Longest ? atMost : Longest, cancellationToken);
            }
            catch (VimFaultException fault) when (fault.Fault == "InvalidCollectorVersion")
            {
                version = "";
                return true;
            }
            catch (VimFaultException)
            {
                isDeaf = true;
            }
        }
        await Task.Delay(atMost < poll ? atMost : poll, time, cancellationToken);
        return false;
    }

    /// <summary>Gives up what was made on the server. Does not throw.</summary>
    /// <param name="isNow">Whether the server is likely to answer.</param>
    /// <param name="cancellationToken">Puts it off to the end of all of it.</param>
    public async Task EndAsync(bool isNow, CancellationToken cancellationToken)
    {
        foreach (var each in mine)
            await made.GiveUpAsync(each, isNow, cancellationToken);
        mine.Clear();
    }

    private async Task<ManagedObject> MakeAsync(Func<IVim, ServiceContent, CancellationToken, Task<ManagedObject>> make, CancellationToken cancellationToken)
    {
        var one = await made.MakeAsync(make, generation, cancellationToken);
        mine.Add(one);
        return one;
    }

    private async Task ResizeAsync(ManagedObject latest, CancellationToken cancellationToken)
    {
        try
        {
            await session.AskAsync(
                async (vim, _, cancellation) =>
                {
                    await vim.SetCollectorPageSizeAsync(latest, Page, cancellation);
                    return true;
                },
                generation, cancellationToken);
        }
        catch (VimFaultException)
        {
            // Then more than is needed comes with each waking.
        }
    }

    /// <returns>Whether anything changed.</returns>
    private async Task<bool> AskAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var isNews = false;
        for (var seconds = TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)); ; seconds = TimeSpan.Zero)
        {
            var asked = version;
            var update = await session.AskAsync((vim, _, cancellation) => vim.WaitForUpdatesAsync(propertyCollector, asked, seconds, 1, cancellation), generation, cancellationToken);
            if (update is null)
                return isNews;
            isNews |= update.Updates.Count > 0;
            version = update.Version;
            if (!update.IsTruncated)
                return isNews;
        }
    }
}
