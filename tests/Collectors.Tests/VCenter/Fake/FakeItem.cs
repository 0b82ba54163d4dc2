using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Something that history collectors read: an event, or a task as it is at present.</summary>
internal abstract class FakeItem
{
    /// <summary>Its number.</summary>
    public abstract int Key { get; }

    /// <summary>All of it, now.</summary>
    public abstract VimValue Value { get; }
}
