using Observe.Collectors.Kubernetes;

namespace Observe.Collectors.Tests.Kubernetes;

public sealed class KubernetesCheckTests
{
    [Fact]
    public async Task Run_NotInAPod_IsAbsent()
    {
        var row = await KubernetesCheck.RunAsync(new KubernetesOptions(), _ => null, TimeProvider.System, TestContext.Current.CancellationToken);
        row.Level.ShouldBe(StatusLevel.Absent);
    }

    [Fact]
    public async Task Run_SwitchedOnOutsideOfACluster_SaysWhatIsMissing()
    {
        var options = new KubernetesOptions { Enabled = KubernetesMode.On, TokenFile = "/nowhere/token" };
        var row = await KubernetesCheck.RunAsync(options, _ => null, TimeProvider.System, TestContext.Current.CancellationToken);
        (row.Level, row.Detail).ShouldBe((StatusLevel.Degraded, "no API server: KUBERNETES_SERVICE_HOST is not set, as it is in a pod"));
        row.Remedy.ShouldNotBeNull().ShouldContain("collectors.kubernetes.apiServer");
    }

    [Theory]
    [InlineData("node-1", new[] { "list", "watch" }, StatusLevel.Ok, "1 pods of node node-1")]
    [InlineData("node-2", new[] { "list", "watch" }, StatusLevel.Degraded, "no pods on a node called node-2")]
    [InlineData("node-1", new[] { "list" }, StatusLevel.Degraded, "cannot watch")]
    [InlineData("node-1", new[] { "watch" }, StatusLevel.Degraded, "cannot list")]
    public async Task Run_Role_IsTried(string node, string[] verbs, StatusLevel level, string detail)
    {
        var cluster = new Cluster();
        cluster.Put(new TruePod("a", "p", "6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8", "node-1"));
        var authority = new TestAuthority();
        using var certificate = authority.Issue();
        var server = new ApiServer(cluster, certificate) { Verbs = verbs };
        await server.StartAsync();
        await using var following = await Following.StartAsync(server, authority, follow: false);
        var options = new KubernetesOptions { Enabled = KubernetesMode.On, Node = node, ApiServer = server.Url, TokenFile = following.TokenFile, CaFile = following.CaFile };

        var row = await KubernetesCheck.RunAsync(options, _ => null, TimeProvider.System, TestContext.Current.CancellationToken);

        row.Level.ShouldBe(level);
        row.Detail.ShouldContain(detail);
    }
}
