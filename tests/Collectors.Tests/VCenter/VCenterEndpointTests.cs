using Observe.Collectors.VCenter;

namespace Observe.Collectors.Tests.VCenter;

public sealed class VCenterEndpointTests
{
    [Theory]
    [InlineData("https://vc.example", "https://vc.example/sdk")]
    [InlineData("https://vc.example/", "https://vc.example/sdk")]
    [InlineData("https://vc.example:8443/sdk", "https://vc.example:8443/sdk")]
    [InlineData("https://proxy.example/vc1/sdk", "https://proxy.example/vc1/sdk")]
    [InlineData("https://reader:secret@vc.example/sdk", "https://vc.example/sdk")]
    public void ApiUrl_HoweverItIsWritten_IsWhereTheApiIs(string written, string expected) => new VCenterEndpoint(new Uri(written)).ApiUrl.ToString().ShouldBe(expected);

    [Fact]
    public void ToString_WithSecrets_ShowsNone() => new VCenterEndpoint(new Uri("https://reader:secret@vc.example/sdk")) { Name = "vc", Username = "reader", Password = "secret", Proxy = new Uri("http://a:secret@p:1") }
        .ToString().ShouldBe("vc (https://vc.example/sdk)");

    [Theory]
    [InlineData("sha256 Fingerprint=", ":")]
    [InlineData("", ":")]
    [InlineData("", "")]
    public void TryParsePin_AsItIsPrinted_IsTheHash(string before, string between)
    {
        var hash = Enumerable.Range(0, 32).Select(each => (byte)(each * 7)).ToArray();

        VCenterEndpoint.TryParsePin(before + string.Join(between, hash.Select(each => $"{each:X2}")), out var read).ShouldBeTrue();

        read.ShouldBe(hash);
        VCenterEndpoint.TryParsePin(before + string.Join(between, hash.Skip(1).Select(each => $"{each:X2}")), out _).ShouldBeFalse();
    }
}
