namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>How a watch ends.</summary>
internal enum WatchBreak
{
    /// <summary>As it should: a bookmark, and the end.</summary>
    Close,

    /// <summary>The connection is gone.</summary>
    Cut,

    /// <summary>The connection is gone in the middle of an event.</summary>
    CutMidLine,

    /// <summary>The answer ends in the middle of an event.</summary>
    CloseMidLine,

    /// <summary>An error event, 410.</summary>
    Expired,

    /// <summary>An error event, 500.</summary>
    InternalError,

    /// <summary>A line that is not JSON.</summary>
    Garbage,

    /// <summary>A line that does not end.</summary>
    LongLine,
}
