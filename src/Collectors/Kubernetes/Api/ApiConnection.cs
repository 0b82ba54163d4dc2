using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observe.Collectors.Kubernetes.Api;

/// <summary>
/// The connection to the API server. Its certificate is verified against the cluster's own authorities and nobody else's; when their
/// file changes, another connection is made. Used by one thread at a time.
/// </summary>
/// <param name="file">PEM file with the authorities.</param>
/// <param name="timings">How long things may take.</param>
internal sealed class ApiConnection(string file, WatchTimings timings) : IDisposable
{
    /// <summary>A connection that died without a word is noticed within both, as other clients of the API do it. HTTP/2 only.</summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingWithin = TimeSpan.FromSeconds(15);

    private byte[] authorities = [];
    private HttpMessageInvoker? client;

    /// <summary>The client to use for the next request.</summary>
    /// <exception cref="ApiException">The authorities cannot be read.</exception>
    public HttpMessageInvoker Open()
    {
        try
        {
            var now = File.ReadAllBytes(file);
            if (client is null || !now.AsSpan().SequenceEqual(authorities))
            {
                var made = Make(now);
                client?.Dispose();
                (client, authorities) = (made, now);
            }
            return client;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ApiException($"cannot read the cluster's certificate authorities from {file}: {error.Message}",
                "mount a service account (automountServiceAccountToken), or set collectors.kubernetes.caFile");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client?.Dispose();

    private HttpMessageInvoker Make(byte[] pem)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A cluster's authority does not publish revocation.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(System.Text.Encoding.ASCII.GetString(pem));
        if (policy.CustomTrustStore.Count == 0)
            throw new CryptographicException("the file has no certificate in PEM form");
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            // The token is for this server only: no other is ever spoken to.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = timings.ConnectWithin,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = PingAfter,
            KeepAlivePingTimeout = PingWithin,
            // The chain only: that the name is the server's is checked besides, by default.
            SslOptions = { CertificateChainPolicy = policy },
        });
    }
}
