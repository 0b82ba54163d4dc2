using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Events;

/// <summary>Reads the tasks that a server has: by a history collector, or where it has none those that it calls recent. One thread at a time.</summary>
/// <param name="session">Whom to ask.</param>
/// <param name="made">What is made on the server.</param>
internal sealed class TaskReader(IVCenterSession session, ServerObjects made)
{
    private const int Page = 1000;

    private bool hasHistory = true;
    private long historyOf = -1;

    /// <summary>Whether it has a history of them: otherwise what comes and goes between two readings is not seen.</summary>
    public bool HasHistory => hasHistory;

    /// <summary>Reads them.</summary>
    /// <param name="begin">All that were running, began or ended since; where there is no history, all that are recent.</param>
    /// <param name="further">Some that were queued before, and when.</param>
    /// <param name="isOver">Whether a task need not be asked about any more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<VimValue>> ReadAsync(
        DateTimeOffset begin, IReadOnlyList<(string Key, DateTimeOffset Queued)> further, Func<string, bool> isOver, CancellationToken cancellationToken)
    {
        var generation = session.Generation;
        // Another session may be with another server, after an update.
        hasHistory |= historyOf != generation;
        historyOf = generation;
        if (hasHistory)
        {
            try
            {
                var (found, since) = await ReadSingleAsync(further, generation, cancellationToken);
                return [.. found, .. await ReadHistoryAsync(since < begin ? since.Value : begin, generation, cancellationToken)];
            }
            catch (VimFaultException fault) when (fault.Fault is not ("NotAuthenticated" or "NoPermission" or "ManagedObjectNotFound" or "InvalidState"))
            {
                hasHistory = false;
            }
        }
        return await ReadRecentAsync(isOver, generation, cancellationToken);
    }

    /// <returns>What there is of them, and since when the history is to be read for those that are no more.</returns>
    private async Task<(IReadOnlyList<VimValue> Found, DateTimeOffset? Since)> ReadSingleAsync(
        IReadOnlyList<(string Key, DateTimeOffset Queued)> tasks, long generation, CancellationToken cancellationToken)
    {
        var found = new List<VimValue>(tasks.Count);
        DateTimeOffset? since = null;
        foreach (var (key, queued) in tasks)
        {
            if (await InfoAsync(new ManagedObject("Task", key), generation, cancellationToken) is { } info)
                found.Add(info);
            else if (!(since <= queued))
                since = queued;
        }
        return (found, since);
    }

    private async Task<IReadOnlyList<VimValue>> ReadHistoryAsync(DateTimeOffset begin, long generation, CancellationToken cancellationToken)
    {
        var collector = await made.MakeAsync((vim, content, cancellation) => vim.CreateCollectorForTasksAsync(content.TaskManager!.Value, begin, cancellation), generation, cancellationToken);
        var isWell = false;
        try
        {
            await session.AskAsync(
                async (vim, _, cancellation) =>
                {
                    await vim.RewindCollectorAsync(collector, cancellation);
                    return true;
                },
                generation, cancellationToken);
            var all = new List<VimValue>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (true)
            {
                var page = await session.AskAsync((vim, _, cancellation) => vim.ReadNextTasksAsync(collector, Page, cancellation), generation, cancellationToken);
                isWell = true;
                var before = seen.Count;
                seen.UnionWith(page.Select(each => $"{each["key"]?.Text} {each["state"]?.Text}"));
                if (seen.Count == before)
                    return all;
                all.AddRange(page);
            }
        }
        catch (VimFaultException)
        {
            isWell = true;
            throw;
        }
        finally
        {
            await made.GiveUpAsync(collector, isWell, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<VimValue>> ReadRecentAsync(Func<string, bool> isOver, long generation, CancellationToken cancellationToken)
    {
        var all = new List<VimValue>();
        var recent = await PropertyAsync(null, "recentTask", generation, cancellationToken);
        foreach (var element in recent?.Elements ?? [])
        {
            if (element.AsManagedObject is { } task && !isOver(task.Id) && await InfoAsync(task, generation, cancellationToken) is { } info)
                all.Add(info);
        }
        return all;
    }

    /// <returns>Null if the server has it no more, but perhaps in its history.</returns>
    private async Task<VimValue?> InfoAsync(ManagedObject task, long generation, CancellationToken cancellationToken)
    {
        try
        {
            return await PropertyAsync(task, "info", generation, cancellationToken);
        }
        catch (VimFaultException fault) when (fault.Fault == "ManagedObjectNotFound")
        {
            return null;
        }
    }

    private Task<VimValue?> PropertyAsync(ManagedObject? of, string path, long generation, CancellationToken cancellationToken) => session.AskAsync(
        async (vim, content, cancellation) => (await vim.RetrievePropertiesAsync(content.PropertyCollector, of ?? content.TaskManager!.Value, [path], cancellation)).GetValueOrDefault(path),
        generation, cancellationToken);
}
