namespace Observe.Collectors.Kubernetes;

/// <summary>How long things may take, and how often the API server is asked.</summary>
internal sealed record WatchTimings
{
    /// <summary>Longest first pause after a failure, or after the end of a watch.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause that grows out of failures. A watch that stood for as long ends their row.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest pause that the API server is granted when it asks for one.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause after a refusal that only a change of the cluster's roles can end.</summary>
    public TimeSpan ForbiddenPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the connection, TLS included.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a whole list, and for the beginning of a watch: the API server's own bound for a request.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Least duration that is asked for a watch, in s.</summary>
    public int ShortestWatch { get; init; } = 300;

    /// <summary>Most, in s. A random one in between: the watches of a cluster's nodes must not all end at once.</summary>
    public int LongestWatch { get; init; } = 600;

    /// <summary>How much longer than asked for a watch may stand before it is taken for dead.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);
}
