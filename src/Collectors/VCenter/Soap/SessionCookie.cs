namespace Observe.Collectors.VCenter.Soap;

/// <summary>
/// What tells a server whose session a request is in. It is taken from the answers only that begin a session: a late answer from
/// the session before, which brings another cookie, must not end this one. Never logged. Thread-safe.
/// </summary>
internal sealed class SessionCookie
{
    private const string Name = "vmware_soap_session=";

    private volatile string? current;
    private volatile string? offered;
    private volatile string? doubtful;

    /// <summary>Of the session that is used; null if there is none.</summary>
    public string? Current => current;

    /// <summary>To log in with; null if the server has not offered one.</summary>
    public string? Offered => offered;

    /// <summary>Of a session that may have begun or not, for the answer to its login never came; null if there is none.</summary>
    public string? Doubtful => doubtful;

    /// <summary>What must not be shown.</summary>
    public IEnumerable<string> Secrets => new[] { current, offered, doubtful }.OfType<string>().Select(each => each[Name.Length..].Trim('"')).Where(each => each.Length > 0);

    /// <summary>Forgets what was offered: a session is about to begin.</summary>
    public void Begin() => offered = null;

    /// <summary>Takes what an answer brings that comes before or with the login.</summary>
    /// <param name="headers">Its headers <c>Set-Cookie</c>.</param>
    public void Offer(IEnumerable<string> headers)
    {
        foreach (var header in headers)
        {
            if (header.StartsWith(Name, StringComparison.OrdinalIgnoreCase))
                offered = header.Split(';', 2)[0];
        }
    }

    /// <summary>Uses what was offered: the login succeeded.</summary>
    public void Settle() => current = offered;

    /// <summary>The answer to the login was lost: the server may have begun a session that nobody here will use.</summary>
    public void Doubt() => doubtful = offered ?? doubtful;

    /// <summary>The doubtful session is ended, or never was.</summary>
    public void Forget() => doubtful = null;
}
