namespace Observe.Collectors.Traces.Operations;

/// <summary>What an event is to the operation whose chain it is of.</summary>
internal enum OperationRole
{
    /// <summary>Something that happened in it, if there is one: no operation by itself.</summary>
    Mention,

    /// <summary>It begins with it; there will be an end.</summary>
    Begin,

    /// <summary>It ends with it, as meant.</summary>
    End,

    /// <summary>It ends with it, otherwise.</summary>
    Failure,

    /// <summary>A task of it was queued.</summary>
    TaskQueued,

    /// <summary>A task of it was begun.</summary>
    TaskStarted,

    /// <summary>A task of it ended well.</summary>
    TaskSucceeded,

    /// <summary>A task of it ended otherwise.</summary>
    TaskFailed,
}
