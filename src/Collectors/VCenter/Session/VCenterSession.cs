using Microsoft.Extensions.Logging;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Session;

/// <summary>The session with one endpoint. Thread-safe.</summary>
internal sealed partial class VCenterSession : IVCenterSession, IAsyncDisposable
{
    private const string NotAuthenticated = "NotAuthenticated";

    private readonly VCenterEndpoint endpoint;
    private readonly SessionTimings timings;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CircuitBreaker breaker;
    private readonly CredentialSource credentials;
    private readonly LoginPause pause;
    private readonly VimSource vims;
    private readonly Lock gate = new();
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task keepingAlive;
    private volatile Established? current;
    private volatile VCenterException? failure;
    private volatile VCenterException? unanswered;
    private ServiceContent? content;
    private Task<Established>? pending;
    private long generation;
    private int shortLives;
    private volatile bool isStopped;

    /// <summary>Prepares; nothing is sent before something is asked.</summary>
    /// <param name="endpoint">With whom.</param>
    /// <param name="options">How long requests may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where logins and losses go.</param>
    /// <param name="timings">How long it waits for what; null: as it is.</param>
    /// <param name="credentialsDirectory">Where systemd has put credentials; null for where the environment says.</param>
    public VCenterSession(
        VCenterEndpoint endpoint, VCenterOptions options, TimeProvider time, ILogger logger, SessionTimings? timings = null, string? credentialsDirectory = null)
    {
        this.endpoint = endpoint;
        this.timings = timings ?? new SessionTimings();
        this.time = time;
        this.logger = logger;
        breaker = new CircuitBreaker(this.timings, time);
        credentials = new CredentialSource(endpoint, credentialsDirectory ?? Environment.GetEnvironmentVariable(SystemdCredential.DirectoryVariable));
        pause = new LoginPause(this.timings, time);
        Requests = new ApiRequests(breaker, time);
        vims = new VimSource(endpoint, options.Timeout, Requests, time);
        if (endpoint.Insecure)
            Log.Insecure(logger, endpoint.Name);
        keepingAlive = Task.Run(KeepAliveAsync);
    }

    /// <inheritdoc/>
    public ServiceContent? Content => Volatile.Read(ref content);

    /// <inheritdoc/>
    public long Generation => Interlocked.Read(ref generation);

    /// <summary>The endpoint's name.</summary>
    public string Name => endpoint.Name;

    /// <summary>Whether there is a session now, as far as is known.</summary>
    public bool IsEstablished => current is not null;

    /// <summary>Whether nothing is asked for a while, after failures.</summary>
    public bool IsBroken => breaker.IsOpen;

    /// <summary>Why there is no session, or nothing is asked in it for a while; null if all is well, or nothing was asked yet.</summary>
    public VCenterException? Failure => failure ?? (IsBroken ? unanswered : null);

    /// <summary>Requests so far.</summary>
    public ApiRequests Requests { get; }

    /// <summary>Grows whenever a request has to wait for its turn, or for a connection: what was measured meanwhile says little about the time.</summary>
    public long Delays => vims.Delays;

    /// <inheritdoc/>
    public async Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken)
    {
        if (isStopped)
            throw Stopped();
        if (!breaker.TryEnter(out var wait))
            throw Paused(wait);
        try
        {
            for (var isSecond = false; ; isSecond = true)
            {
                var session = await EstablishAsync(cancellationToken).ConfigureAwait(false);
                if (generation is { } only && only != session.Generation)
                    throw new SessionChangedException();
                try
                {
                    return await ask(session.Vim, session.Content, cancellationToken).ConfigureAwait(false);
                }
                catch (VimFaultException fault) when (fault.Fault == NotAuthenticated && !isSecond)
                {
                    Lose(session);
                    if (generation is not null)
                        throw new SessionChangedException();
                }
                catch (VCenterException error)
                {
                    unanswered = error;
                    throw;
                }
            }
        }
        finally
        {
            breaker.Leave();
        }
    }

    /// <summary>Ends the session, and with it all that was made in it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (isStopped)
                return;
            isStopped = true;
        }
        await stopping.CancelAsync().ConfigureAwait(false);
        await keepingAlive.ConfigureAwait(false);
        try
        {
            // A login under way is waited for: it might succeed, and then would stay.
            await EndAsync().WaitAsync(timings.LogoutWithin, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.NotLoggedOut(logger, endpoint.Name, $"no answer within {timings.LogoutWithin.TotalSeconds:0.#} s");
        }
        stopping.Dispose();
    }

    private VCenterException Stopped() => new($"the session with {endpoint.Name} was ended: the agent stops") { IsTold = true };

    private VCenterException Paused(TimeSpan wait) => new(
        $"{endpoint.Name} is not asked, after {timings.Failures} failures in a row: {Failure?.Message ?? "it did not answer"}; {(wait > TimeSpan.Zero ? $"it is tried again in {Math.Ceiling(wait.TotalSeconds):0} s" : "it is being tried")}",
        Failure?.Remedy)
    { IsTold = failure is not null };

    private void Lose(Established session)
    {
        bool isFirst;
        lock (gate)
        {
            if (current != session)
                return;
            current = null;
            shortLives = IsYoung(session) ? shortLives + 1 : 0;
            isFirst = shortLives <= 1;
        }
        // Where one after the other is ended, it is told that this is so.
        if (isFirst)
            Log.Lost(logger, endpoint.Name);
    }

    private bool IsYoung(Established session) => time.GetElapsedTime(session.Began) < timings.ShortLife;

    /// <summary>Whatever was wrong is over: told, and what goes wrong from now on is told anew.</summary>
    private void Lasts(Established session)
    {
        pause.Lasts();
        told.Clear();
        Log.LoggedIn(logger, endpoint.Name, session.Content.About.FullName, session.Vim.Version);
    }

    /// <summary>After some that were ended at once, one shows only by its age that it lasts.</summary>
    private void Settle()
    {
        lock (gate)
        {
            // A login under way uses the same.
            if (pending is not null || shortLives == 0 || current is not { } session || IsYoung(session))
                return;
            shortLives = 0;
            Lasts(session);
        }
    }

    private async Task KeepAliveAsync()
    {
        while (true)
        {
            try
            {
                // Looked at more often than it is due, for the server counts from the last request of anybody.
                await Task.Delay(timings.KeepAlive / 5, time, stopping.Token).ConfigureAwait(false);
                Settle();
                if (current is not null && Requests.Idle >= timings.KeepAlive * 0.8)
                    await AskAsync(static (vim, _, token) => vim.CurrentTimeAsync(token), null, stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Who asks next is told, and the login has logged why.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "vCenter {Name}: insecure is set: whoever answers is believed, and given the password", EventName = "VCenterInsecure")]
        public static partial void Insecure(ILogger logger, string name);

        [LoggerMessage(2, LogLevel.Information, "vCenter {Name}: logged in to {Product}, API {Version}", EventName = "VCenterLoggedIn")]
        public static partial void LoggedIn(ILogger logger, string name, string product, string version);

        [LoggerMessage(3, LogLevel.Warning, "vCenter {Name}: not logged in: {Reason}; {Remedy}; tried again in {Pause}", EventName = "VCenterNotLoggedIn")]
        public static partial void NotLoggedIn(ILogger logger, string name, string reason, string remedy, TimeSpan pause);

        [LoggerMessage(4, LogLevel.Information, "vCenter {Name}: the session was ended by the server; another one is begun", EventName = "VCenterSessionLost")]
        public static partial void Lost(ILogger logger, string name);

        [LoggerMessage(5, LogLevel.Warning, "vCenter {Name}: not logged out: {Reason}; the server ends the session after 30 min", EventName = "VCenterNotLoggedOut")]
        public static partial void NotLoggedOut(ILogger logger, string name, string reason);
    }
}
