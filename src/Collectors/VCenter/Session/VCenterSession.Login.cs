using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Session;

/// <content>Beginning and ending.</content>
internal sealed partial class VCenterSession
{
    /// <summary>Faults of a login that the next attempt will not cure, and that an account may be locked for.</summary>
    private static readonly HashSet<string> Refusals = ["InvalidLogin", "PasswordExpired", "NoPermission"];

    /// <summary>The session, begun if there is none: once, however many ask for it.</summary>
    private Task<Established> EstablishAsync(CancellationToken cancellationToken)
    {
        if (current is { } session)
            return Task.FromResult(session);
        lock (gate)
        {
            if (isStopped)
                throw Stopped();
            if (current is { } meanwhile)
                return Task.FromResult(meanwhile);
            if (pending is null)
            {
                // It is nobody's own: whoever gives up waiting for it leaves it to the others. If all do, nobody else looks at its error.
                pending = Task.Run(LoginAsync, CancellationToken.None);
                _ = pending.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            return pending.WaitAsync(cancellationToken);
        }
    }

    private async Task<Established> LoginAsync()
    {
        try
        {
            pause.Check(credentials);
            if (shortLives >= timings.ShortLives)
            {
                // After the pause, one more: it may last.
                shortLives = timings.ShortLives - 1;
                throw Failed(new VCenterException($"{endpoint.Name} ended {timings.ShortLives} sessions within {timings.ShortLife.TotalSeconds:0} s each", "see in its session settings who ends them"));
            }
            var begun = await BeginAsync().ConfigureAwait(false);
            pause.Begun();
            failure = null;
            Requests.LoggedIn(LoginOutcome.Succeeded);
            lock (gate)
            {
                Volatile.Write(ref content, begun.Content);
                Interlocked.Exchange(ref generation, begun.Generation);
                current = begun;
                if (shortLives == 0)
                    Lasts(begun);
            }
            return begun;
        }
        finally
        {
            lock (gate)
                pending = null;
        }
    }

    private async Task<Established> BeginAsync()
    {
        try
        {
            var who = credentials.Read();
            var vim = vims.Open();
            var server = await vim.RetrieveServiceContentAsync(CancellationToken.None).ConfigureAwait(false);
            await vim.EndDoubtfulAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                await vim.LoginAsync(server.SessionManager, who.User, who.Password, CancellationToken.None).ConfigureAwait(false);
            }
            catch (VimFaultException fault) when (Refusals.Contains(fault.Fault))
            {
                throw Refused(who, fault);
            }
            return new Established(vim, server, generation + 1, time.GetTimestamp());
        }
        catch (VimFaultException fault)
        {
            throw Failed(new VCenterException($"{endpoint.Name} did not let the agent log in: {fault.Fault}: {fault.Message}", "see the vCenter's own log; it is tried again from time to time", fault));
        }
        catch (VCenterException error) when (!ReferenceEquals(error, failure))
        {
            throw Failed(error);
        }
    }

    private VCenterException Failed(VCenterException error)
    {
        failure = error;
        Requests.LoggedIn(LoginOutcome.Failed);
        var wait = pause.Failed(error);
        // A server may be away for days, and its errors alternate. What wants another remedy is told, once: what comes after an outage
        // may be an expired certificate.
        if (told.Add(error.Remedy ?? ""))
            Log.NotLoggedIn(logger, endpoint.Name, error.Message, error.Remedy ?? "wait", wait);
        error.IsTold = true;
        return error;
    }

    private VCenterException Refused(Credentials who, VimFaultException fault)
    {
        var error = fault.Fault == "NoPermission"
            ? new VCenterException($"{endpoint.Name} knows {who.User}, but allows it nothing", "give it the role Read-only at the vCenter's root, for all beneath it (docs/vcenter.md)", fault)
            : new VCenterException($"{endpoint.Name} refused the login of {who.User}: {fault.Fault}: {fault.Message}", "correct the endpoint's username and password; a changed file is tried at once, and else it is waited long, lest the account is locked", fault);
        failure = error;
        Requests.LoggedIn(LoginOutcome.Refused);
        Log.NotLoggedIn(logger, endpoint.Name, error.Message, error.Remedy!, pause.Refused(who, error));
        error.IsTold = true;
        return error;
    }

    private async Task EndAsync()
    {
        Task<Established>? login;
        lock (gate)
            login = pending;
        if (login is not null)
            await ((Task)login).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (current is { } session)
        {
            current = null;
            try
            {
                await session.Vim.LogoutAsync(session.Content.SessionManager, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                Log.NotLoggedOut(logger, endpoint.Name, error.Message);
            }
        }
        await EndDoubtfulAsync().ConfigureAwait(false);
        vims.Dispose();
    }

    private async Task EndDoubtfulAsync()
    {
        try
        {
            if (vims.Opened is { } vim)
                await vim.EndDoubtfulAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Log.NotLoggedOut(logger, endpoint.Name, error.Message);
        }
    }
}
