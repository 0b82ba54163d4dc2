namespace Observe.Collectors.VCenter.Events;

/// <summary>What an event that was read is to what was read before it.</summary>
internal enum EventNovelty
{
    /// <summary>It has not come before.</summary>
    New,

    /// <summary>It has.</summary>
    Known,

    /// <summary>It has not, and its number says that the server counts anew: its database is another or was restored.</summary>
    Restored,
}
