using Observe.Collectors.Kubernetes;

namespace Observe.Collectors.Tests.Kubernetes;

public sealed class KubernetesOptionsTests
{
    private const string Here = "/proc/self/cmdline";
    private static readonly Dictionary<string, string> Pod = new() { ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1", ["KUBERNETES_SERVICE_PORT"] = "6443", ["NODE_NAME"] = "worker-7" };

    [Theory]
    [InlineData(KubernetesMode.Auto, true, Here, true)]
    [InlineData(KubernetesMode.Auto, false, Here, false)]
    [InlineData(KubernetesMode.Auto, true, "/nowhere/token", false)]
    [InlineData(KubernetesMode.On, false, "/nowhere/token", true)]
    [InlineData(KubernetesMode.Off, true, Here, false)]
    public void IsWanted_ModeAndSurroundings_IsDecided(KubernetesMode mode, bool inPod, string tokenFile, bool expected) =>
        new KubernetesOptions { Enabled = mode, TokenFile = tokenFile }.IsWanted(name => inPod ? Pod.GetValueOrDefault(name) : null).ShouldBe(expected);

    [Theory]
    [InlineData("10.96.0.1", "6443", "https://10.96.0.1:6443/")]
    [InlineData("10.96.0.1", null, "https://10.96.0.1/")]
    [InlineData("fd00::1", "443", "https://[fd00::1]/")]
    [InlineData("[fd00::1]", "6443", "https://[fd00::1]:6443/")]
    [InlineData("", "443", null)]
    [InlineData("10.96.0.1", "tcp://10.96.0.1:443", null)]
    public void Of_ServiceVariables_GiveTheAddress(string host, string? port, string? expected) =>
        ClusterAccess.Of(new KubernetesOptions(), name => name switch { "KUBERNETES_SERVICE_HOST" => host, "KUBERNETES_SERVICE_PORT" => port, _ => null }).ApiServer?.ToString().ShouldBe(expected);

    [Fact]
    public void Of_Node_IsTheKeyThenTheVariableThenTheHostsName()
    {
        ClusterAccess.Of(new KubernetesOptions { Node = "mine" }, Pod.GetValueOrDefault).Node.ShouldBe("mine");
        ClusterAccess.Of(new KubernetesOptions(), Pod.GetValueOrDefault).Node.ShouldBe("worker-7");
        ClusterAccess.Of(new KubernetesOptions(), _ => null).Node.ShouldBe(Environment.MachineName.ToLowerInvariant());
    }
}
