using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Whether a server's certificate is accepted, and if not, why: each reason has its own remedy.</summary>
/// <param name="pin">SHA-256 of the only one that is; null where authorities decide.</param>
/// <param name="insecure">Whether any is.</param>
/// <param name="authorities">Whose word counts, for people.</param>
/// <param name="host">The name that it must be for.</param>
internal sealed class ServerCertificate(byte[]? pin, bool insecure, string authorities, string host)
{
    /// <summary>Decides.</summary>
    /// <param name="certificate">What the server showed.</param>
    /// <param name="chain">Whose word there is for it.</param>
    /// <param name="errors">What is wrong with it.</param>
    /// <returns>True.</returns>
    /// <exception cref="CertificateException">It is not accepted.</exception>
    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (insecure)
            return true;
        if (certificate is not X509Certificate2 shown)
            throw new CertificateException("it shows no certificate", "check that the endpoint's url is a vCenter's or an ESXi host's");
        if (pin is not null)
            return CheckPin(shown, pin);
        if (errors == SslPolicyErrors.None)
            return true;
        throw Refusal(shown, chain, errors);
    }

    private static bool CheckPin(X509Certificate2 shown, byte[] pin)
    {
        var hash = SHA256.HashData(shown.RawData);
        return CryptographicOperations.FixedTimeEquals(hash, pin)
            ? true
            : throw new CertificateException($"its certificate is not the one in the endpoint's pin; it has the SHA-256 {Print(hash)}",
                "if the certificate was replaced on purpose, compare this with the server's own (openssl x509 -fingerprint -sha256) and set the new pin; else somebody is in between");
    }

    private CertificateException Refusal(X509Certificate2 shown, X509Chain? chain, SslPolicyErrors errors)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, each) => all | each.Status) ?? X509ChainStatusFlags.NoError;
        var (from, to) = (shown.NotBefore.ToUniversalTime(), shown.NotAfter.ToUniversalTime());
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return Untimely(chain!, from, to);
        if (status.HasFlag(X509ChainStatusFlags.Revoked))
            return new("its certificate was revoked by who signed it", "give the vCenter a new certificate");
        // Of a certificate that nobody known signed, the name says nothing.
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return new($"its certificate, for {Name(shown.Subject)}, was signed by {Name(shown.Issuer)}, whom {authorities} do not know{Others(status)}",
                "set the endpoint's caFile to the PEM file of its authority (of a vCenter: https://HOST/certs/download.zip), or pin its certificate");
        }
        return new($"its certificate is for {Names(shown)}, and not for {host}", "use one of these names in the endpoint's url, or give the vCenter a certificate with this one");
    }

    private static CertificateException Untimely(X509Chain chain, DateTime from, DateTime to)
    {
        var now = chain.ChainPolicy.VerificationTime is { Ticks: > 0 } at ? at.ToUniversalTime() : DateTime.UtcNow;
        if (now > to)
            return new($"its certificate expired at {Print(to)}", "give the vCenter a new certificate (and see whether this host's clock is right)");
        return now < from
            ? new($"its certificate is not valid before {Print(from)}", "see whether this host's clock is right, and the vCenter's")
            : new("the certificate of the authority that signed its certificate has expired", "give the vCenter a certificate of a valid authority, and set the endpoint's caFile to it");
    }

    private static string Others(X509ChainStatusFlags status)
    {
        var others = status & ~(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation);
        return others == X509ChainStatusFlags.NoError ? "" : $" ({others})";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(each => each.EnumerateDnsNames().Concat(each.EnumerateIPAddresses().Select(address => address.ToString()))).ToList();
        return Name(names.Count == 0 ? certificate.Subject : string.Join(", ", names));
    }

    // Whoever answers writes what he likes into it.
    private static string Name(string text)
    {
        const int Most = 120;
        var plain = new string([.. text.Select(each => char.IsControl(each) ? ' ' : each)]);
        return plain.Length <= Most ? plain : $"{plain.AsSpan(0, Most)}...";
    }

    private static string Print(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Print(byte[] hash) => string.Join(':', hash.Select(each => each.ToString("X2", CultureInfo.InvariantCulture)));
}
