using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>The API over SOAP, as vCenters, ESXi hosts and simulators of them speak it.</summary>
internal sealed partial class SoapVim : IVim, IDisposable
{
    /// <summary>How long a request may take, unless it is told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static readonly ManagedObject Service = new("ServiceInstance", "ServiceInstance");

    private readonly VimConnection connection;
    private readonly SessionCookie cookie = new();
    private readonly SoapTransport transport;
    private ManagedObject? doubtful;

    /// <summary>Prepares; nothing is sent.</summary>
    /// <param name="endpoint">Where the API is, and how it is reached.</param>
    /// <param name="time">The clock.</param>
    /// <param name="timeout">How long a request may take, besides what the server is asked to wait; null: 30 s.</param>
    /// <param name="limits">What an answer may be at most; null: as they are.</param>
    /// <param name="observer">Who is told of requests; null if nobody.</param>
    /// <exception cref="VCenterException">The endpoint's authorities cannot be read.</exception>
    public SoapVim(VCenterEndpoint endpoint, TimeProvider time, TimeSpan? timeout = null, SoapLimits? limits = null, ICallObserver? observer = null)
    {
        connection = new VimConnection(endpoint);
        transport = new SoapTransport(connection.Client, endpoint.ApiUrl, timeout ?? DefaultTimeout, limits ?? new SoapLimits(), time, observer, cookie);
    }

    /// <summary>The version in which the server is spoken to.</summary>
    public string Version => transport.Version;

    /// <summary>Grows whenever a request has to wait for its turn or for a connection, so that its answer says little about the time.</summary>
    public long Delays => transport.Waits + connection.Connects;

    /// <inheritdoc/>
    public async Task<ServiceContent> RetrieveServiceContentAsync(CancellationToken cancellationToken)
    {
        transport.Version = VimVersions.Choose(await transport.VersionsAsync(cancellationToken).ConfigureAwait(false));
        return Expect("RetrieveServiceContent", VimReading.Content, await transport.CallAsync(new SoapCall("RetrieveServiceContent", Service), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task LoginAsync(ManagedObject sessionManager, string user, string password, CancellationToken cancellationToken)
    {
        transport.Redaction.Remember(password);
        try
        {
            await CallAsync("Login", sessionManager, cancellationToken, xml =>
            {
                xml.WriteText("userName", user);
                xml.WriteText("password", password);
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (error is VCenterException or OperationCanceledException)
        {
            cookie.Doubt();
            doubtful = sessionManager;
            throw;
        }
    }

    /// <summary>
    /// Ends the session that a login may have begun whose answer was lost, as far as the server had said before how it is called: a
    /// server that is slow for an hour would have one more with each attempt, and keeps them for half an hour.
    /// </summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="VCenterException">It is not known whether it is ended.</exception>
    public async Task EndDoubtfulAsync(CancellationToken cancellationToken)
    {
        if (doubtful is not { } sessionManager || cookie.Doubtful is null)
            return;
        try
        {
            await transport.CallAsync(new SoapCall("Logout", sessionManager) { IsInDoubtful = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (VimFaultException)
        {
            // It was never begun.
        }
        cookie.Forget();
    }

    /// <inheritdoc/>
    public Task LogoutAsync(ManagedObject sessionManager, CancellationToken cancellationToken) => CallAsync("Logout", sessionManager, cancellationToken);

    /// <inheritdoc/>
    public async Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken) =>
        Expect("CurrentTime", value => value.AsTime, await CallAsync("CurrentTime", Service, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private Task<IReadOnlyList<VimValue>> CallAsync(string method, ManagedObject on, CancellationToken cancellationToken, Action<XmlWriter>? arguments = null) =>
        transport.CallAsync(new SoapCall(method, on, arguments), cancellationToken);

    private async Task<ManagedObject> CreateAsync(string method, ManagedObject on, CancellationToken cancellationToken, Action<XmlWriter>? arguments = null) =>
        Expect(method, value => value.AsManagedObject, await CallAsync(method, on, cancellationToken, arguments).ConfigureAwait(false));

    private T Expect<T>(string method, Func<VimValue, T?> read, IReadOnlyList<VimValue> returned)
        where T : struct => returned.Count > 0 && read(returned[0]) is { } value ? value : throw transport.Incomplete(method);

    private T Expect<T>(string method, Func<VimValue, T?> read, IReadOnlyList<VimValue> returned)
        where T : class => returned.Count > 0 && read(returned[0]) is { } value ? value : throw transport.Incomplete(method);
}
