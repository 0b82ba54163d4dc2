namespace Observe.Collectors.VCenter.Soap;

/// <summary>What came of a request: the <c>outcome</c> label, in lower case.</summary>
internal enum CallOutcome
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>The server refused: a fault.</summary>
    Refused,

    /// <summary>No connection, or none that is trusted, or it broke.</summary>
    Unreachable,

    /// <summary>There was no answer in time.</summary>
    Late,

    /// <summary>What came is no answer: a proxy's page, half of one.</summary>
    Invalid,

    /// <summary>There was an answer, but it is more than is allowed.</summary>
    TooLong,

    /// <summary>Who asked did not want the answer any more.</summary>
    Cancelled,
}
