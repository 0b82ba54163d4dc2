using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter;

/// <summary>
/// The one session with a vCenter, which all that is asked of it shares: logged in when first needed, once more when it was lost,
/// not at all for a while when the credentials were refused.
/// </summary>
internal interface IVCenterSession
{
    /// <summary>What the server said of itself at the last login; null before the first.</summary>
    ServiceContent? Content { get; }

    /// <summary>
    /// Counts logins. What was made on the server (property collectors, views, event collectors) is gone with the session it was
    /// made in: who keeps such things compares this with what it was when they were made.
    /// </summary>
    long Generation { get; }

    /// <summary>
    /// Asks in a session. Where the server says that there is none any more (<c>NotAuthenticated</c>), one is begun and it is asked
    /// once again; whoever keeps things on the server says which generation they are of, and is not asked again in another.
    /// </summary>
    /// <typeparam name="T">What comes back.</typeparam>
    /// <param name="ask">The request.</param>
    /// <param name="generation">The only session in which it makes sense; null: any.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SessionChangedException">It would have been another session.</exception>
    /// <exception cref="VimFaultException">The server refused.</exception>
    /// <exception cref="VCenterException">It could not be asked; also while the circuit is open or a login waits for its time.</exception>
    Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken);
}
