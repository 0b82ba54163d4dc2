using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>Takes what a server tells of its objects. Called by one thread at a time.</summary>
internal interface IFollowTarget
{
    /// <summary>All will be told again from now on. What was told before stands until <see cref="Complete"/>.</summary>
    /// <param name="about">Whose objects.</param>
    void Begin(AboutInfo about);

    /// <summary>What became of some objects.</summary>
    /// <param name="updates">In the server's order.</param>
    /// <param name="unplaced">Takes changes of a part of a property that cannot be placed in what is known of it: the property must be read as a whole.</param>
    void Apply(IReadOnlyList<ObjectUpdate> updates, ICollection<(ManagedObject Object, string Path)> unplaced);

    /// <summary>There is no more for now. The first time after <see cref="Begin"/>: what was not told since is gone.</summary>
    void Complete();
}
