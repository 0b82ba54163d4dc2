namespace Observe.Collectors.VCenter.Session;

/// <summary>How long a session waits for what.</summary>
internal sealed record SessionTimings
{
    /// <summary>Pause after the first failure to log in, at most; it grows from there.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause while the server cannot be reached.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause after the credentials were refused, of which at least half is kept: accounts are locked after 5 failures within 3 min by default.</summary>
    public TimeSpan FirstRefusedPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest pause while they are refused.</summary>
    public TimeSpan LongestRefusedPause { get; init; } = TimeSpan.FromHours(2);

    /// <summary>A session that is lost sooner says little for the next one.</summary>
    public TimeSpan ShortLife { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many short sessions in a row are begun at once; before each further one there is a pause, which grows.</summary>
    public int ShortLives { get; init; } = 3;

    /// <summary>A session is ended by the server after 30 min without a request; this long without one, the time is asked for.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Failures in a row after which nothing is asked for a while.</summary>
    public int Failures { get; init; } = 5;

    /// <summary>For how long, at first and at most; then one request is let through.</summary>
    public TimeSpan FirstBreak { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time in which nothing is asked.</summary>
    public TimeSpan LongestBreak { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the end of the session may take when the agent stops.</summary>
    public TimeSpan LogoutWithin { get; init; } = TimeSpan.FromMilliseconds(750);
}
