using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Who may log in, and who is logged in.</summary>
/// <param name="vcenter">Of this vCenter.</param>
internal sealed class FakeSessions(FakeVCenter vcenter)
{
    private readonly Dictionary<string, FakeSession> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Wrong, DateTimeOffset Until)> locked = new(StringComparer.Ordinal);

    /// <summary>Passwords by user.</summary>
    public Dictionary<string, string> Users { get; } = new(StringComparer.Ordinal) { ["reader"] = "correct horse" };

    /// <summary>After so long without a request a session is over.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>So many wrong passwords in a row lock a user out.</summary>
    public int LockoutAfter { get; set; } = 5;

    /// <summary>For so long.</summary>
    public TimeSpan LockoutFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most at once; more are refused with HTTP 503 by real ones, here with a fault.</summary>
    public int MaxOpen { get; set; } = 2000;

    /// <summary>Sessions that are open now.</summary>
    public int Open
    {
        get
        {
            lock (vcenter.Gate)
            {
                Expire();
                return open.Count;
            }
        }
    }

    /// <summary>Objects that were made in the open sessions and not given up: filters, views, collectors.</summary>
    public int OpenObjects
    {
        get
        {
            lock (vcenter.Gate)
                return open.Values.Sum(each => each.Objects.Count);
        }
    }

    internal IEnumerable<FakeSession> All => open.Values;

    /// <summary>Logins that were right.</summary>
    public int Logins { get; private set; }

    /// <summary>Logins that were wrong.</summary>
    public int WrongLogins { get; private set; }

    /// <summary>Sessions that were ended by their clients.</summary>
    public int Logouts { get; private set; }

    /// <summary>Ends all sessions, as an administrator or a restart would.</summary>
    public void KillAll()
    {
        lock (vcenter.Gate)
        {
            foreach (var session in open.Values.ToList())
                End(session);
        }
        vcenter.Pulse();
    }

    internal void Kill(FakeSession? session)
    {
        lock (vcenter.Gate)
        {
            if (session is not null)
                End(session);
        }
        vcenter.Pulse();
    }

    /// <summary>The session of a cookie; null if there is none any more.</summary>
    internal FakeSession? Find(string? key)
    {
        lock (vcenter.Gate)
        {
            Expire();
            return key is not null && open.TryGetValue(key, out var session) ? session : null;
        }
    }

    internal FakeSession Login(FakeSession? present, string user, string password, string? key = null)
    {
        lock (vcenter.Gate)
        {
            if (present is { IsOver: false })
                throw VimFault.Of("InvalidLogin", "Cannot complete login: the session is logged in already.");
            var now = vcenter.Time.GetUtcNow();
            var (wrong, until) = locked.GetValueOrDefault(user);
            if (!Users.TryGetValue(user, out var right) || right != password || now < until)
            {
                WrongLogins++;
                wrong++;
                locked[user] = (wrong, wrong >= LockoutAfter ? now + LockoutFor : until);
                throw VimFault.Of("InvalidLogin", "Cannot complete login due to an incorrect user name or password.");
            }
            locked.Remove(user);
            Expire();
            if (open.Count >= MaxOpen)
                throw VimFault.Of("OutOfBounds", "The number of sessions is at its limit.", ("argumentName", Values.Text("sessions")));
            Logins++;
            var session = new FakeSession(key is null || open.ContainsKey(key) ? $"52{Guid.NewGuid():N}" : key, user) { LastUse = now };
            open[session.Key] = session;
            return session;
        }
    }

    internal void Logout(FakeSession session)
    {
        lock (vcenter.Gate)
        {
            Logouts++;
            End(session);
        }
        vcenter.Pulse();
    }

    private void Expire()
    {
        var before = vcenter.Time.GetUtcNow() - IdleTimeout;
        foreach (var session in open.Values.Where(each => each.Busy == 0 && each.LastUse <= before).ToList())
            End(session);
    }

    private void End(FakeSession session)
    {
        session.IsOver = true;
        session.Objects.Clear();
        session.Collectors.Clear();
        session.Histories.Clear();
        open.Remove(session.Key);
    }
}
