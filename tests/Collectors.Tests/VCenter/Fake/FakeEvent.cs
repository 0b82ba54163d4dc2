using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>An event as it was posted.</summary>
/// <param name="type">Its type.</param>
/// <param name="key">Its number.</param>
/// <param name="chainId">Number of the first one of its operation.</param>
/// <param name="created">When, on the server's clock.</param>
/// <param name="trueTime">When, in true time.</param>
/// <param name="value">All of it.</param>
internal sealed class FakeEvent(string type, int key, int chainId, DateTimeOffset created, DateTimeOffset trueTime, VimValue value) : FakeItem
{
    public string Type => type;

    public override int Key => key;

    public int ChainId => chainId;

    public DateTimeOffset Created => created;

    public DateTimeOffset TrueTime => trueTime;

    public override VimValue Value => value;

    /// <summary>Id of an <c>EventEx</c>; of others the type.</summary>
    public string TypeId => value["eventTypeId"]?.Text ?? $"vim.event.{type}";

    /// <summary>As clients see it.</summary>
    public VimEvent ToVim() => new(type, key, chainId, created, Wire.Show(value));
}
