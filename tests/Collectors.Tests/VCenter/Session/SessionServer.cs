using Microsoft.AspNetCore.Http;
using Observe.Collectors.Tests.VCenter.Soap;

namespace Observe.Collectors.Tests.VCenter.Session;

/// <summary>Keeps sessions as a vCenter does, and answers the rest as a test wants it to.</summary>
internal sealed class SessionServer
{
    private readonly Lock gate = new();
    private readonly HashSet<string> sessions = [];
    private int logins;
    private int logouts;
    private int refused;
    private int offered;

    public int Logins => Volatile.Read(ref logins);

    public int Logouts => Volatile.Read(ref logouts);

    public int Refused => Volatile.Read(ref refused);

    public string Password { get; set; } = Secrets.Password;

    /// <summary>Whether it says before the login how the session is called.</summary>
    public bool Offers { get; set; }

    /// <summary>Logins that it begins a session for without an answer.</summary>
    public int Lost { get; set; }

    /// <summary>Sessions that are open.</summary>
    public int Open
    {
        get
        {
            lock (gate)
                return sessions.Count;
        }
    }

    /// <summary>Answers a login before it is looked at, and returns true; false to have it answered as usual.</summary>
    public Func<HttpContext, string, Task<bool>> Before { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Answers what is asked in a session.</summary>
    public Func<HttpContext, string, Task> Answer { get; set; } = (context, method) => method == "CurrentTime"
        ? context.SendAsync(Envelope.Of(method, $"<returnval>{DateTimeOffset.UtcNow.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z</returnval>"))
        : context.SendAsync(Envelope.Of(method, ""));

    public Task<AnsweringServer> StartAsync(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null, int port = 0) => AnsweringServer.StartAsync(HandleAsync, certificate, port);

    /// <summary>Ends all sessions, as a restart of the server does.</summary>
    public void EndAll()
    {
        lock (gate)
            sessions.Clear();
    }

    private async Task HandleAsync(HttpContext context, string method)
    {
        if (await Before(context, method))
            return;
        var cookie = context.Request.Headers.Cookie.ToString();
        switch (method)
        {
            case "RetrieveServiceContent":
                if (Offers)
                    context.Response.Headers.SetCookie = $"{Name($"offered-{Interlocked.Increment(ref offered)}")}; Path=/; HttpOnly; Secure;";
                await context.SendAsync(Envelope.Of(method, Envelope.Content));
                break;
            case "Login":
                await LoginAsync(context);
                break;
            default:
                bool isKnown;
                lock (gate)
                    isKnown = method == "Logout" ? sessions.Remove(cookie) : sessions.Contains(cookie);
                if (method == "Logout" && isKnown)
                    Interlocked.Increment(ref logouts);
                await (isKnown ? method == "Logout" ? context.SendAsync(Envelope.Of(method, "")) : Answer(context, method) : context.SendFaultAsync("NotAuthenticated", "The session is not authenticated."));
                break;
        }
    }

    private async Task LoginAsync(HttpContext context)
    {
        context.Request.Body.Position = 0;
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (!body.Contains($"<password>{Escape(Password)}</password>", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref refused);
            await context.SendFaultAsync("InvalidLogin", "Cannot complete login due to an incorrect user name or password.");
            return;
        }
        var number = Interlocked.Increment(ref logins);
        var cookie = Offers ? context.Request.Headers.Cookie.ToString() : Name($"{number}");
        lock (gate)
            sessions.Add(cookie);
        if (number <= Lost)
        {
            context.Abort();
            return;
        }
        context.Response.Headers.SetCookie = $"{cookie}; Path=/; HttpOnly; Secure;";
        await context.SendAsync(Envelope.Of("Login", "<returnval><key>52</key><userName>reader</userName></returnval>"));
    }

    private static string Name(string end) => $"vmware_soap_session=\"{Secrets.Cookie}-{end}\"";

    // As XML wants it in a text: quotes may stay.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
