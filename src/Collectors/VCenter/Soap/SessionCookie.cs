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

    /// <summary>For the header of a request; null if there is none.</summary>
    /// <param name="isBeginning">Whether the request begins a session.</param>
    public string? For(bool isBeginning) => isBeginning ? offered : current;

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

    /// <summary>Its value; null if there is none.</summary>
    public string? Secret => Value(current) ?? Value(offered);

    private static string? Value(string? cookie) => cookie?[Name.Length..].Trim('"');
}
