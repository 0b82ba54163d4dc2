using Observe.Collectors.Tests.VCenter.Session;
using Observe.Collectors.Tests.VCenter.Soap;
using Observe.Collectors.VCenter;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter;

public sealed class VCenterCheckTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_NoEndpoints_IsAbsent()
    {
        var row = (await VCenterCheck.RunAsync(new VCenterOptions(), TimeProvider.System, Token)).ShouldHaveSingleItem();

        (row.Component, row.Level, row.Remedy).ShouldBe(("vcenter", StatusLevel.Absent, null));
    }

    [Fact]
    public async Task RunAsync_SeveralEndpoints_EachHasItsRowAndNoSessionStays()
    {
        var sessions = new SessionServer();
        await using var server = await sessions.StartAsync();
        var options = new VCenterOptions
        {
            Endpoints =
            [
                server.Endpoint,
                server.Endpoint with { Name = "locked", Password = "wrong-one" },
                new VCenterEndpoint(new Uri("https://127.0.0.1:1/sdk")) { Name = "gone", Username = "a", Password = "b" },
            ],
        };

        var rows = await VCenterCheck.RunAsync(options, TimeProvider.System, Token);

        rows.Select(each => (each.Component, each.Level)).ShouldBe(
            [("vcenter:test", StatusLevel.Ok), ("vcenter:locked", StatusLevel.Degraded), ("vcenter:gone", StatusLevel.Degraded)]);
        rows[0].Detail.ShouldMatch(@"^VMware vCenter Server 8\.0\.2 build-1 at 127\.0\.0\.1:\d+, API 8\.0\.2\.0, logged in; its clock is \d+\.\d ms (behind|ahead of) this host's, give or take \d+\.\d ms; insecure");
        rows[1].Detail.ShouldContain("refused the login of reader");
        rows[2].Detail.ShouldContain("cannot connect to 127.0.0.1:1");
        rows.Skip(1).ShouldAllBe(each => each.Remedy != null);
        Secrets.ShouldNotBeIn(string.Join('\n', rows));
        string.Join('\n', rows).ShouldNotContain("wrong-one");
        (sessions.Open, sessions.Logouts).ShouldBe((0, 1));
    }
}
