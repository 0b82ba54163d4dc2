using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Observe.Agent.Export.Otlp;

namespace Observe.Agent.Tests.Otlp;

public sealed class OtlpTlsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("observe-otlp-").FullName;
    private readonly X509Certificate2 authority = Create("CN=test authority", null, null);

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_AuthorityTrusted_Delivers(bool grpc)
    {
        using var server = Create("CN=receiver", authority, "127.0.0.1");
        await using var receiver = await OtlpReceiver.StartAsync(grpc, certificate: server);
        await using var running = await Running.StartAsync(Running.Options(receiver.Url("https"), grpc) with { CertificateFile = Pem("ca.pem", authority) });
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
    }

    [Fact]
    public async Task Export_AuthorityNotTrusted_SendsNothing()
    {
        using var server = Create("CN=receiver", authority, "127.0.0.1");
        await using var receiver = await OtlpReceiver.StartAsync(certificate: server);
        await using var running = await Running.StartAsync(Running.Options(receiver.Url("https")));
        await ShouldRefuse(running, receiver);
    }

    [Fact]
    public async Task Export_CertificateOfAnotherName_SendsNothing()
    {
        using var server = Create("CN=receiver", authority, "127.0.0.9");
        await using var receiver = await OtlpReceiver.StartAsync(certificate: server);
        await using var running = await Running.StartAsync(Running.Options(receiver.Url("https")) with { CertificateFile = Pem("ca.pem", authority) });
        await ShouldRefuse(running, receiver);
    }

    [Fact]
    public async Task Export_ClientCertificateRequired_IsShown()
    {
        using var server = Create("CN=receiver", authority, "127.0.0.1");
        using var client = Create("CN=agent 7", authority, null);
        await using var receiver = await OtlpReceiver.StartAsync(certificate: server, requireClientCertificate: true);
        var key = Path.Combine(directory, "client.key");
        await File.WriteAllTextAsync(key, client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var errors = new List<string>();
        var variables = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_CERTIFICATE"] = Pem("ca.pem", authority),
            ["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"] = Pem("client.pem", client),
            ["OTEL_EXPORTER_OTLP_CLIENT_KEY"] = key,
        };
        var options = OtlpOptions.FromEnvironment(Running.Options(receiver.Url("https")), variables.GetValueOrDefault, errors);
        errors.ShouldBeEmpty();
        await using var running = await Running.StartAsync(options);
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        receiver.Requests.ShouldHaveSingleItem().ClientCertificate.ShouldBe("CN=agent 7");
    }

    [Fact]
    public void Validate_FileWithoutCertificate_IsAnError()
    {
        var file = Path.Combine(directory, "empty.pem");
        File.WriteAllText(file, "nothing\n");
        var errors = new List<string>();
        (Running.Options(new Uri("https://c")) with { CertificateFile = file }).Validate(errors);
        errors.ShouldHaveSingleItem().ShouldContain("empty.pem cannot be used");
    }

    private static async Task ShouldRefuse(Running running, OtlpReceiver receiver)
    {
        await running.Until(() => running.Status.DroppedPoints == 1, "refused");
        running.Status.Failures.Keys.ShouldBe(["tls"]);
        // Said after it is counted.
        await running.Until(() => running.Log.Any(line => line.Contains("OTEL_EXPORTER_OTLP_CERTIFICATE", StringComparison.Ordinal)), "explained");
        receiver.Requests.ShouldBeEmpty();
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        var file = Path.Combine(directory, name);
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }

    private static X509Certificate2 Create(string subject, X509Certificate2? issuer, string? address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(System.Net.IPAddress.Parse(address));
            request.CertificateExtensions.Add(names.Build());
        }
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        if (issuer is null)
            return request.CreateSelfSigned(from, to);
        using var signed = request.Create(issuer, from.AddHours(1), to.AddHours(-1), RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
