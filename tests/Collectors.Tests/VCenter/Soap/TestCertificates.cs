using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>A certificate authority made for one test, with its PEM file, and certificates that it signed.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 authority = Create("CN=test authority", null, null, TimeSpan.FromDays(-20), TimeSpan.FromDays(20));

    public TestCertificates() => File.WriteAllText(CaFile, authority.ExportCertificatePem());

    public string CaFile { get; } = Path.Combine(Path.GetTempPath(), $"observe-ca-{Guid.NewGuid():N}.pem");

    /// <summary>A server's certificate.</summary>
    /// <param name="name">Whom it is for: an address or a name.</param>
    /// <param name="from">Since when it is valid, from now.</param>
    /// <param name="to">Until when.</param>
    public X509Certificate2 Issue(string name = "127.0.0.1", TimeSpan? from = null, TimeSpan? to = null) =>
        Create($"CN={name}", authority, name, from ?? TimeSpan.FromDays(-1), to ?? TimeSpan.FromDays(1));

    public static string Pin(X509Certificate2 certificate) => string.Join(':', Convert.ToHexString(SHA256.HashData(certificate.RawData)).Chunk(2).Select(pair => new string(pair)));

    public void Dispose()
    {
        authority.Dispose();
        File.Delete(CaFile);
    }

    private static X509Certificate2 Create(string subject, X509Certificate2? issuer, string? name, TimeSpan from, TimeSpan to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        if (name is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(name, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }
        var now = DateTimeOffset.UtcNow;
        if (issuer is null)
            return request.CreateSelfSigned(now + from, now + to);
        using var signed = request.Create(issuer, now + from, now + to, RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
