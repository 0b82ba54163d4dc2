using System.Security.Cryptography.X509Certificates;
using Observe.Collectors.Tests.VCenter.Session;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>Which servers are believed to be who they are.</summary>
public sealed class TrustTests : IDisposable
{
    private readonly TestCertificates certificates = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Ask_SignedByTheAuthority_IsAnswered()
    {
        (await AskAsync(certificates.Issue(), endpoint => endpoint with { CaFile = certificates.CaFile })).ShouldBeNull();
    }

    [Fact]
    public async Task Ask_SignedByAnUnknownAuthority_SaysWhoSignedAndWhatToDo()
    {
        var error = await AskAsync(certificates.Issue(), endpoint => endpoint);

        error.ShouldNotBeNull().Message.ShouldContain("is not trusted: its certificate, for CN=127.0.0.1, was signed by CN=test authority, whom this system's authorities do not know");
        error.Remedy.ShouldNotBeNull().ShouldContain("caFile");
    }

    [Fact]
    public async Task Ask_SignedByAnother_SaysWhichFileDoesNotKnowIt()
    {
        using var others = new TestCertificates();
        var error = await AskAsync(certificates.Issue(), endpoint => endpoint with { CaFile = others.CaFile });

        error.ShouldNotBeNull().Message.ShouldContain($"whom the authorities in {others.CaFile} do not know");
    }

    [Fact]
    public async Task Ask_Expired_SaysSince()
    {
        var expired = certificates.Issue(from: TimeSpan.FromDays(-10), to: TimeSpan.FromDays(-1));
        var error = await AskAsync(expired, endpoint => endpoint with { CaFile = certificates.CaFile });

        error.ShouldNotBeNull().Message.ShouldContain($"its certificate expired at {expired.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
        error.Remedy.ShouldNotBeNull().ShouldContain("new certificate");
    }

    [Fact]
    public async Task Ask_NotYetValid_SuspectsTheClock()
    {
        var error = await AskAsync(certificates.Issue(from: TimeSpan.FromDays(1), to: TimeSpan.FromDays(2)), endpoint => endpoint with { CaFile = certificates.CaFile });

        error.ShouldNotBeNull().Message.ShouldContain("its certificate is not valid before ");
        error.Remedy.ShouldNotBeNull().ShouldContain("clock");
    }

    [Fact]
    public async Task Ask_ForAnotherName_SaysWhich()
    {
        var error = await AskAsync(certificates.Issue("vc.example"), endpoint => endpoint with { CaFile = certificates.CaFile });

        error.ShouldNotBeNull().Message.ShouldContain("its certificate is for vc.example, and not for 127.0.0.1");
        error.Remedy.ShouldNotBeNull().ShouldContain("url");
    }

    [Fact]
    public async Task Ask_Pinned_IsAnsweredWhoeverSignedIt()
    {
        var certificate = certificates.Issue("vc.example");

        (await AskAsync(certificate, endpoint => endpoint with { Pin = TestCertificates.Pin(certificate) })).ShouldBeNull();
        (await AskAsync(certificate, endpoint => endpoint with { Pin = $"sha256 Fingerprint={TestCertificates.Pin(certificate)}" })).ShouldBeNull();
    }

    [Fact]
    public async Task Ask_PinnedToAnother_SaysTheRightOneAndTheDanger()
    {
        var certificate = certificates.Issue();
        var error = await AskAsync(certificate, endpoint => endpoint with { Pin = TestCertificates.Pin(certificates.Issue()) });

        error.ShouldNotBeNull().Message.ShouldContain($"it has the SHA-256 {TestCertificates.Pin(certificate)}");
        error.Remedy.ShouldNotBeNull().ShouldContain("somebody is in between");
    }

    [Fact]
    public async Task Ask_Insecure_IsAnsweredWhoeverItIs()
    {
        (await AskAsync(certificates.Issue("vc.example", TimeSpan.FromDays(-10), TimeSpan.FromDays(-1)), endpoint => endpoint with { Insecure = true })).ShouldBeNull();
    }

    [Fact]
    public async Task Ask_PlainHttpWhereTlsIsMeant_SaysSo()
    {
        await using var server = await new SessionServer().StartAsync();
        using var vim = new SoapVim(new VCenterEndpoint(new UriBuilder(server.Url) { Scheme = "https" }.Uri), TimeProvider.System);

        var error = await Should.ThrowAsync<VCenterException>(() => vim.RetrieveServiceContentAsync(Token));

        error.Message.ShouldStartWith($"no TLS with {server.Url.Authority}: ");
    }

    [Fact]
    public void Open_FileWithoutAuthorities_SaysWhich()
    {
        var file = Path.GetTempFileName();
        var error = Should.Throw<VCenterException>(() => new SoapVim(new VCenterEndpoint(new Uri("https://vc/sdk")) { CaFile = file }, TimeProvider.System));
        File.Delete(file);
        error.Message.ShouldContain($"there is no certificate in {file}");

        Should.Throw<VCenterException>(() => new SoapVim(new VCenterEndpoint(new Uri("https://vc/sdk")) { CaFile = file }, TimeProvider.System)).Message.ShouldContain("cannot read the authorities for vc from");
    }

    [Fact]
    public async Task Ask_ThroughAProxyThatRefuses_SaysSo()
    {
        await using var proxy = await AnsweringServer.StartAsync((context, _) => context.SendAsync("", 407));
        using var vim = new SoapVim(new VCenterEndpoint(new Uri("https://vc.example/sdk")) { Proxy = new UriBuilder(proxy.Url) { Path = "/", UserName = "me", Password = "pr0xy" }.Uri }, TimeProvider.System);

        var error = await Should.ThrowAsync<VCenterException>(() => vim.RetrieveServiceContentAsync(Token));

        error.Message.ShouldStartWith("the proxy before vc.example");
        error.Remedy.ShouldNotBeNull();
        error.ToString().ShouldNotContain("pr0xy");
    }

    [Fact]
    public async Task Ask_ThroughAProxyThatWantsCredentials_IsAnsweredAndTlsGoesThroughToTheServer()
    {
        await using var proxy = new TunnelProxy("me", "pr0xy @:");
        await using var server = await new SessionServer().StartAsync(certificates.Issue());
        var endpoint = server.Endpoint with { CaFile = certificates.CaFile, Proxy = new Uri($"http://me:{Uri.EscapeDataString("pr0xy @:")}@127.0.0.1:{proxy.Port}") };
        using var vim = new SoapVim(endpoint, TimeProvider.System);

        (await vim.RetrieveServiceContentAsync(Token)).About.IsVCenter.ShouldBeTrue();

        proxy.Tunnels.ShouldBe([server.Url.Authority]);
    }

    private static async Task<VCenterException?> AskAsync(X509Certificate2 certificate, Func<VCenterEndpoint, VCenterEndpoint> adjust)
    {
        await using var server = await new SessionServer().StartAsync(certificate);
        using var vim = new SoapVim(adjust(server.Endpoint), TimeProvider.System);
        try
        {
            await vim.RetrieveServiceContentAsync(Token);
            return null;
        }
        catch (VCenterException error)
        {
            server.Methods.ShouldBeEmpty();
            return error;
        }
    }
}
