namespace Observe.Collectors.VCenter.Session;

/// <summary>What came of a login: the <c>outcome</c> label, in lower case.</summary>
internal enum LoginOutcome
{
    /// <summary>There is a session.</summary>
    Succeeded,

    /// <summary>The credentials were refused.</summary>
    Refused,

    /// <summary>It did not come to that, or the server failed.</summary>
    Failed,
}
