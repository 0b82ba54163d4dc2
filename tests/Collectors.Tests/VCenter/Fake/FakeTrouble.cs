namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>What becomes of a request.</summary>
internal enum FakeTrouble
{
    /// <summary>It is answered.</summary>
    None,

    /// <summary>The connection is cut, and nothing was done.</summary>
    CutBefore,

    /// <summary>It is done, and the connection is cut without an answer.</summary>
    CutAfter,

    /// <summary>It is done, and the connection is cut in the middle of the answer.</summary>
    CutMidAnswer,

    /// <summary>HTTP 500 without a fault, nothing done.</summary>
    Http500,

    /// <summary>HTTP 503, nothing done.</summary>
    Http503,

    /// <summary>A proxy's page with HTTP 200, nothing done.</summary>
    ProxyPage,

    /// <summary>It is done, and what comes back is no XML.</summary>
    Garbage,

    /// <summary>Nothing comes back, as long as the client waits. Nothing is done.</summary>
    Hang,

    /// <summary>The session is ended first; the answer is what it is then.</summary>
    KillSession,
}
