namespace Observe.Collectors.VCenter.Performance;

/// <summary>How a request for samples failed, by what is to be done about it.</summary>
internal enum FailureKind
{
    /// <summary>The server says that it was too much at once.</summary>
    Refused,

    /// <summary>No answer, too late, or none that can be read: too much at once, or nobody there.</summary>
    Unanswered,

    /// <summary>The server fails on one of the things asked for.</summary>
    Entity,

    /// <summary>Another session has begun, perhaps with another server.</summary>
    Session,
}
