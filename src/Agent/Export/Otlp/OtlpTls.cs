using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observe.Agent.Export.Otlp;

/// <summary>TLS towards the receiver. The receiver's name and chain are always verified.</summary>
internal static class OtlpTls
{
    /// <summary>Adds one line for each file that cannot be used.</summary>
    public static void Validate(OtlpOptions options, IList<string> errors)
    {
        if (options.CertificateFile is { } authorities)
            Try(errors, "certificate", authorities, () => LoadAuthorities(authorities));
        if (options.ClientCertificateFile is { } certificate && options.ClientKeyFile is { } key)
            Try(errors, "client certificate", $"{certificate} with key {key}", () => LoadClient(certificate, key).TargetCertificate.Dispose());
        else if (options.ClientCertificateFile is not null || options.ClientKeyFile is not null)
            errors.Add("OTLP client certificate and client key must be set together (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY)");
    }

    public static SslClientAuthenticationOptions Create(OtlpOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CertificateFile is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A private authority rarely publishes revocation; .NET's own default does not check either.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(LoadAuthorities(authorities));
        }
        if (options.ClientCertificateFile is { } certificate && options.ClientKeyFile is { } key)
            tls.ClientCertificateContext = LoadClient(certificate, key);
        return tls;
    }

    private static X509Certificate2Collection LoadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("the file has no certificate in PEM form");
    }

    private static SslStreamCertificateContext LoadClient(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), chain, offline: true);
    }

    private static void Try(IList<string> errors, string what, string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            errors.Add($"OTLP {what} {file} cannot be used: {error.Message}");
        }
    }
}
