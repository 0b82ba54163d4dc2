using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observe.Collectors.Docker.Api;

/// <summary>Connections to an engine: over its unix socket, or TCP with or without TLS, verified.</summary>
internal static class DockerTransport
{
    /// <summary>Most connections: as many as there are requests under way, and the stream of events.</summary>
    private const int MaxConnections = 32;

    /// <summary>Longer than any interval between two samples, so that connections are made once.</summary>
    private static readonly TimeSpan KeepIdle = TimeSpan.FromMinutes(2);

    /// <summary>Makes the handler.</summary>
    /// <param name="options">Where, and with which certificates.</param>
    /// <exception cref="DockerException">A certificate cannot be used.</exception>
    public static SocketsHttpHandler Create(DockerOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = MaxConnections,
            PooledConnectionIdleTimeout = KeepIdle,
        };
        if (options.Endpoint.SocketPath is { } path)
            handler.ConnectCallback = async (_, cancellationToken) => await ConnectAsync(path, cancellationToken).ConfigureAwait(false);
        else if (options.Endpoint.Address.Scheme == Uri.UriSchemeHttps)
            handler.SslOptions = Tls(options);
        return handler;
    }

    private static async Task<NetworkStream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Tls(DockerOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        try
        {
            if (options.CaFile is { } authorities)
            {
                // A private authority rarely publishes revocation; .NET's own default does not check either.
                tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
            }
            if (options.Certificate is { } certificate && options.Key is { } key)
                tls.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), null, offline: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DockerException($"a certificate for {options.Endpoint} cannot be used: {error.Message}", inner: error);
        }
        return tls;
    }
}
