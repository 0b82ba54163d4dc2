using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>The connections to an endpoint: through its proxy, with TLS as it wants it. Counts them. Thread-safe.</summary>
internal sealed class VimConnection : IDisposable
{
    /// <summary>Longer than the pause between two questions for the time, so that the connection for it is warm.</summary>
    private static readonly TimeSpan KeepIdle = TimeSpan.FromMinutes(3);

    /// <summary>How long a connection may take, TLS included; whoever drops packets does not say so.</summary>
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    private long connects;

    /// <summary>Prepares; nothing is connected.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <exception cref="VCenterException">The authorities cannot be read.</exception>
    public VimConnection(VCenterEndpoint endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            // The credentials are for this server only: no other is ever spoken to.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = true,
            ConnectTimeout = ConnectWithin,
            MaxConnectionsPerServer = CallSlots.Working + CallSlots.Waiting,
            PooledConnectionIdleTimeout = KeepIdle,
            ConnectCallback = ConnectAsync,
            SslOptions = Tls(endpoint),
        };
        if (endpoint.Proxy is { } proxy)
            handler.Proxy = new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri) { Credentials = Credentials(proxy) };
        Client = new HttpMessageInvoker(handler);
    }

    /// <summary>The client.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Connections begun so far.</summary>
    public long Connects => Interlocked.Read(ref connects);

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref connects);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Tls(VCenterEndpoint endpoint)
    {
        var check = new ServerCertificate(
            endpoint.Pin is { } pin && VCenterEndpoint.TryParsePin(pin, out var hash) ? hash : null, endpoint.Insecure,
            endpoint.CaFile is { } file ? $"the authorities in {file}" : "this system's authorities", endpoint.ApiUrl.Host);
        var tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => check.Accept(certificate, chain, errors) };
        if (endpoint is { CaFile: { } authorities, Insecure: false, Pin: null })
        {
            // A private authority rarely publishes revocation; .NET's own default does not check either.
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            Load(endpoint, authorities, tls.CertificateChainPolicy.CustomTrustStore);
        }
        return tls;
    }

    private static void Load(VCenterEndpoint endpoint, string file, X509Certificate2Collection into)
    {
        const string Remedy = "set the endpoint's caFile to the PEM file of its authority (of a vCenter: https://HOST/certs/download.zip)";
        try
        {
            into.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new VCenterException($"cannot read the authorities for {endpoint.Name} from {file}: {error.Message}", Remedy, error);
        }
        if (into.Count == 0)
            throw new VCenterException($"there is no certificate in {file}, the authorities for {endpoint.Name}", Remedy);
    }

    private static NetworkCredential? Credentials(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
