using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// What is made on the server for reading events and tasks, of which a session may have 32: each is given up when it is not needed any
/// more, if not at once then when the server can be reached again. Thread-safe.
/// </summary>
/// <param name="session">The session they live in.</param>
/// <param name="time">Bounds the giving up.</param>
internal sealed class ServerObjects(IVCenterSession session, TimeProvider time)
{
    /// <summary>A server that does not answer holds up the reading for no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>If that does not help, it is not for want of room.</summary>
    private static readonly TimeSpan BetweenEnds = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<ManagedObject, long> alive = [];
    private readonly Dictionary<ManagedObject, long> unwanted = [];
    private long? endedAt;

    /// <summary>Makes one.</summary>
    /// <param name="make">How.</param>
    /// <param name="generation">The session it is made in.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ManagedObject> MakeAsync(Func<IVim, ServiceContent, CancellationToken, Task<ManagedObject>> make, long generation, CancellationToken cancellationToken)
    {
        await SweepAsync(generation, cancellationToken);
        var made = await AskAsync(make, generation, cancellationToken);
        lock (gate)
            alive[made] = generation;
        return made;
    }

    /// <summary>Gives one up, now or later. Does not throw.</summary>
    /// <param name="made">It.</param>
    /// <param name="isNow">Whether the server is likely to answer.</param>
    /// <param name="cancellationToken">Puts it off to the end of all of it.</param>
    public async Task GiveUpAsync(ManagedObject made, bool isNow, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!alive.Remove(made, out var generation))
                return;
            unwanted[made] = generation;
        }
        if (isNow && !cancellationToken.IsCancellationRequested)
            await SweepAsync(session.Generation, cancellationToken);
    }

    /// <summary>Gives everything up: nobody reads any more. Does not throw.</summary>
    public async Task GiveUpAllAsync()
    {
        lock (gate)
        {
            foreach (var (made, generation) in alive)
                unwanted[made] = generation;
            alive.Clear();
        }
        await SweepAsync(session.Generation, CancellationToken.None);
    }

    /// <summary>
    /// Where an answer was lost on its way, what was made is not known by name, and cannot be given up: when there is no room any more
    /// because of that, the session is ended, and all of it with it.
    /// </summary>
    private async Task<ManagedObject> AskAsync(Func<IVim, ServiceContent, CancellationToken, Task<ManagedObject>> make, long generation, CancellationToken cancellationToken)
    {
        try
        {
            return await session.AskAsync(make, generation, cancellationToken);
        }
        catch (VimFaultException fault) when (fault.Fault == "InvalidState" && (endedAt is not { } at || time.GetElapsedTime(at) > BetweenEnds))
        {
            endedAt = time.GetTimestamp();
            await session.AskAsync(
                async (vim, content, cancellation) =>
                {
                    await vim.LogoutAsync(content.SessionManager, cancellation);
                    return true;
                },
                generation, cancellationToken);
            throw;
        }
    }

    private async Task SweepAsync(long generation, CancellationToken cancellationToken)
    {
        KeyValuePair<ManagedObject, long>[] all;
        lock (gate)
            all = unwanted.Count == 0 ? [] : [.. unwanted];
        if (all.Length == 0)
            return;
        using var late = new CancellationTokenSource(Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        foreach (var (each, of) in all)
        {
            // What was made in a session that is over is gone with it.
            if (of == generation && !await TryDestroyAsync(each, of, ending.Token))
                return;
            lock (gate)
                unwanted.Remove(each);
        }
    }

    /// <returns>Whether it is gone.</returns>
    private async Task<bool> TryDestroyAsync(ManagedObject made, long generation, CancellationToken cancellationToken)
    {
        try
        {
            return await session.AskAsync(
                async (vim, _, cancellation) =>
                {
                    await (made.Type == "PropertyCollector" ? vim.DestroyPropertyCollectorAsync(made, cancellation) : vim.DestroyCollectorAsync(made, cancellation));
                    return true;
                },
                generation, cancellationToken);
        }
        catch (Exception error)
        {
            // Refused: it is gone already. Else the server cannot be asked now.
            return error is VimFaultException or SessionChangedException;
        }
    }
}
