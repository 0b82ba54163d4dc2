using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// What is made on the server to follow properties: a property collector of its own, a view of all that is beneath the root folder,
/// and a filter. It is gone with its session, and must be given up otherwise, for sessions have room for few.
/// </summary>
/// <param name="session">The session.</param>
internal sealed class ServerSide(IVCenterSession session)
{
    private ManagedObject? collector;
    private ManagedObject? view;
    private long generation;

    /// <summary>Makes it.</summary>
    /// <param name="sets">What of each type.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What the server says of itself.</returns>
    public async Task<AboutInfo> CreateAsync(IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken)
    {
        var (made, content) = await session.AskAsync(
            async (vim, content, cancel) =>
            {
                // Read before it is made: if the session ends in between, the next request is of another, and says so.
                generation = session.Generation;
                return (await vim.CreatePropertyCollectorAsync(content.PropertyCollector, cancel).ConfigureAwait(false), content);
            },
            null, cancellationToken).ConfigureAwait(false);
        collector = made;
        var views = content.ViewManager ?? throw new VCenterException($"{content.About.FullName} has no ViewManager: its inventory cannot be followed", "vSphere 4.1 or later is needed");
        view = await Ask((vim, cancel) => vim.CreateContainerViewAsync(views, content.RootFolder, [.. sets.Select(set => set.Type)], cancel), cancellationToken).ConfigureAwait(false);
        await Ask((vim, cancel) => vim.CreateViewFilterAsync(made, view.Value, sets, cancel), cancellationToken).ConfigureAwait(false);
        return content.About;
    }

    /// <summary>Waits for changes.</summary>
    /// <param name="version">Since when.</param>
    /// <param name="maxWait">How long the server may hold its answer back.</param>
    /// <param name="maxObjects">Objects in one answer.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<UpdateSet?> WaitAsync(string version, TimeSpan maxWait, int maxObjects, CancellationToken cancellationToken) =>
        Ask((vim, cancel) => vim.WaitForUpdatesAsync(collector!.Value, version, maxWait, maxObjects, cancel), cancellationToken);

    /// <summary>Reads one property as a whole.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="path">Which.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null if it is unset.</returns>
    public async Task<VimValue?> ReadAsync(ManagedObject of, string path, CancellationToken cancellationToken)
    {
        var read = await Ask((vim, cancel) => vim.RetrievePropertiesAsync(collector!.Value, of, [path], cancel), cancellationToken).ConfigureAwait(false);
        return read.GetValueOrDefault(path);
    }

    /// <summary>Gives it up. Does not fail: what is left behind is gone with the session at the latest.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        if (collector is { } ours)
            await TryAsync((vim, cancel) => vim.DestroyPropertyCollectorAsync(ours, cancel), cancellationToken).ConfigureAwait(false);
        if (view is { } its)
            await TryAsync((vim, cancel) => vim.DestroyViewAsync(its, cancel), cancellationToken).ConfigureAwait(false);
        (collector, view) = (null, null);
    }

    private async Task TryAsync(Func<IVim, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await Ask(
                async (vim, cancel) =>
                {
                    await ask(vim, cancel).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Gone already, or not to be reached: whatever it is, following goes on.
        }
    }

    private Task<T> Ask<T>(Func<IVim, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        session.AskAsync((vim, _, cancel) => ask(vim, cancel), generation, cancellationToken);
}
