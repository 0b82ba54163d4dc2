using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Observe.Collectors.Identity;
using Observe.Collectors.Kubernetes;

namespace Observe.Collectors.Tests.Kubernetes;

public sealed class KubernetesCollectorTests : IDisposable
{
    private const string Uid = "6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8";
    private const string Static = "0123456789abcdef0123456789abcdef";
    private readonly TestAuthority authority = new();
    private readonly Cluster cluster = new();
    private readonly TruePod shop = new("shop", "web-1", Uid, Following.Node)
    {
        Owner = TrueOwner.Deployment("web", "5f6d"),
        Labels = new Dictionary<string, string> { ["pod-template-hash"] = "5f6d", ["team"] = "till" },
        Containers = [new TrueContainer(TrueContainer.Regular, "nginx", "nginx:1") { Id = Id('a') }],
    };

    public void Dispose() => authority.Dispose();

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task Collect_InSync_ExportsWhatItAskedAndKnows(HttpProtocols protocols)
    {
        cluster.Put(shop);
        await using var following = await StartAsync(protocols: protocols);
        cluster.Put(shop with { Heartbeat = 1 });
        await following.Server.SyncedAsync();

        var (result, values) = await following.CollectCountedAsync();
        result.ShouldBe(CollectResult.Ok);
        values["observe_kubernetes_requests_total list 200"].ShouldBe(1);
        values["observe_kubernetes_requests_total watch 200"].ShouldBe(2);
        values["observe_kubernetes_watch_events_total modified"].ShouldBe(1);
        values["observe_kubernetes_watch_events_total bookmark"].ShouldBe(1);
        values["observe_kubernetes_watch_events_total deleted"].ShouldBe(0);
        values["observe_kubernetes_pods"].ShouldBe(1);
        values["observe_kubernetes_last_sync_timestamp_seconds"].ShouldBe(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 10);
        following.Row.ShouldBe(new ComponentStatus("kubernetes", StatusLevel.Ok, $"1 pods of node node-1 at {following.Server.Url}"));
    }

    [Fact]
    public async Task Tell_BornBeforeAndAfter_StaticPodInitAndLateContainers_AreNamed()
    {
        var pod = shop with
        {
            StaticUid = Static,
            Containers = [new TrueContainer(TrueContainer.Init, "setup", "setup:2") { Id = Id('1'), Ended = true }, new TrueContainer(TrueContainer.Regular, "nginx", "nginx:1"), new TrueContainer(TrueContainer.Ephemeral, "debug", "sh:3") { Id = Id('3') }],
        };
        cluster.Put(pod);
        await using var following = await StartAsync(labels: ["team"]);
        // The container runs before the kubelet says what it is called.
        var early = following.Registry.Born(1UL, $"/kubepods/pod{Static}/{Id('2')}", 1);
        early.IsSettled.ShouldBeFalse();

        cluster.Put(pod with { Containers = [pod.Containers[0], pod.Containers[1].Restart(Id('2')), pod.Containers[2]] });
        await following.UntilAsync(() => early.IsSettled, "the late id is told");

        Describe(early.Labels).ShouldBe("web-1/nginx container shop web-1 nginx | nginx:1 | till | web");
        Describe(following.Registry.Born(2UL, $"/kubepods/pod{Static}/{Id('1')}", 1).Labels).ShouldBe("web-1/setup container shop web-1 setup | setup:2 | till | web");
        Describe(following.Registry.Born(3UL, $"/kubepods/pod{Static}/{Id('3')}", 1).Labels).ShouldBe("web-1/debug container shop web-1 debug | sh:3 | till | web");
        Describe(following.Registry.Born(4UL, $"/kubepods/pod{Static}", 1).Labels).ShouldBe("web-1 pod shop web-1  |  | till | web");
        Describe(following.Registry.Born(5UL, $"/kubepods/pod{Uid}", 1).Labels).ShouldBe("web-1 pod shop web-1  |  | till | web");
        // The sandbox's own container is in no status: it is the pod's.
        Describe(following.Registry.Born(6UL, $"/kubepods/pod{Static}/{Id('f')}", 1).Labels).ShouldBe("web-1 container shop web-1  |  | till | web");
    }

    [Fact]
    public async Task Tell_Heartbeats_CostNothing()
    {
        cluster.Put(shop);
        await using var following = await StartAsync();
        var labels = following.Registry.Born(1UL, $"/kubepods/pod{Uid}/{Id('a')}", 1).Labels;
        var info = labels.InfoLabels;

        for (var i = 1; i <= 100; i++)
            cluster.Put(shop with { Heartbeat = i });
        await following.Server.SyncedAsync();

        labels.InfoLabels.ShouldBeSameAs(info);
        (await following.CollectAsync()).Values["observe_kubernetes_watch_events_total modified"].ShouldBe(100);
        cluster.Put(shop with { Owner = TrueOwner.StatefulSet("web") });
        await following.Server.SyncedAsync();
        labels.InfoLabels.ShouldNotBeSameAs(info);
    }

    [Fact]
    public async Task Tell_SomebodyElsesUidAsStaticPod_IsNotBelieved()
    {
        cluster.Put(shop);
        cluster.Put(new TruePod("evil", "me", "00000000-0000-4000-8000-000000000000", Following.Node) { StaticUid = Uid });
        await using var following = await StartAsync();

        following.Registry.Born(1UL, $"/kubepods/pod{Uid}", 1).Name.ShouldBe("web-1");
    }

    [Fact]
    public async Task Request_TokenExpiredThenRotated_IsReadAnew()
    {
        cluster.Put(shop);
        await using var following = await StartAsync();
        following.Server.Tokens.TryRemove("token-1", out _);
        await following.Server.BreakAsync(WatchBreak.Close);
        await following.UntilAsync(() => following.Row.Detail.Contains("401", StringComparison.Ordinal), "it says why");
        following.Row.Remedy.ShouldNotBeNull().ShouldContain("tokenFile");
        (await following.CollectAsync()).Result.Reason.ShouldNotBeNull().ShouldContain("401");

        following.Server.Tokens["token-2"] = true;
        following.Rotate("token-2");
        await following.Server.SyncedAsync();

        // Nothing was lost: the watch went on from where it was.
        following.Server.Count("list").ShouldBe(1);
        following.Server.Requests[^1].Token.ShouldBe("token-2");
        await following.UntilAsync(() => following.Row.Level == StatusLevel.Ok, "it recovered");
    }

    [Fact]
    public async Task Request_Forbidden_NamesTheRoleAndRecoversWhenItIsGranted()
    {
        cluster.Put(shop);
        var server = await ServeAsync();
        server.Verbs = ["list"];
        await using var following = await Following.StartAsync(server, authority, follow: false);
        await following.UntilAsync(() => following.Row.Detail.Contains("403", StringComparison.Ordinal), "it says why");
        following.Row.Detail.ShouldContain("watch of pods");
        following.Row.Detail.ShouldContain("cannot watch resource \"pods\"");
        following.Row.Remedy.ShouldNotBeNull().ShouldContain("ClusterRole with the verbs list and watch on pods");
        (await following.CollectAsync()).Result.Succeeded.ShouldBeFalse();
        following.Log.Lines.Count(each => each.Contains("403", StringComparison.Ordinal)).ShouldBe(1, "a refusal is said once, not at each attempt");

        server.Verbs = ["list", "watch"];
        await server.SyncedAsync();
        await following.UntilAsync(() => following.Row.Level == StatusLevel.Ok, "it recovered");
        server.Count("list").ShouldBe(1);
    }

    [Theory]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "127.0.0.9")]
    public async Task Connect_CertificateNotTrusted_SendsNothingUntilTheAuthorityIsReplaced(bool wrongAuthority, string address)
    {
        using var other = new TestAuthority();
        cluster.Put(shop);
        using var certificate = (wrongAuthority ? other : authority).Issue(address);
        var server = new ApiServer(cluster, certificate);
        await server.StartAsync();
        await using var following = await Following.StartAsync(server, authority, follow: false);
        await following.UntilAsync(() => following.Row.Detail.Contains("certificate", StringComparison.Ordinal), "it says why");

        following.Row.Remedy.ShouldNotBeNull().ShouldContain("ca.crt");
        server.Requests.ShouldBeEmpty();
        if (!wrongAuthority)
            return;
        await File.WriteAllTextAsync(following.CaFile, other.Pem, TestContext.Current.CancellationToken);
        await following.UntilAsync(() => following.Row.Level == StatusLevel.Ok, "the new authority is read");
    }

    [Theory]
    [InlineData("token", "cannot read the service account's token")]
    [InlineData("ca.crt", "cannot read the cluster's certificate authorities")]
    public async Task Connect_FileMissing_SaysSoAndRecoversWhenItComes(string file, string expected)
    {
        cluster.Put(shop);
        await using var following = await StartAsync();
        var path = Path.Combine(Path.GetDirectoryName(following.TokenFile)!, file);
        File.Move(path, path + ".away");
        await following.Server.BreakAsync(WatchBreak.Close);
        await following.UntilAsync(() => following.Row.Detail.StartsWith(expected, StringComparison.Ordinal), "it says why");

        File.Move(path + ".away", path);
        await following.Server.SyncedAsync();
        following.Server.Count("list").ShouldBe(1);
    }

    [Fact]
    public async Task Follow_ServerAwayAndBack_KeepsTheFactsAndThenCorrectsThem()
    {
        var gone = shop with { Name = "web-2", Uid = Uid.Replace('6', '7'), Containers = [] };
        cluster.Put(shop);
        cluster.Put(gone);
        await using var following = await StartAsync();
        await following.Server.StopAsync();
        await following.UntilAsync(() => following.Row.Detail.StartsWith("cannot reach", StringComparison.Ordinal), "it says why");
        (await following.CollectAsync()).Values["observe_kubernetes_pods"].ShouldBe(2);
        following.Registry.LabelsOfContainer(Id('a')).ShouldNotBeNull().Name.ShouldBe("web-1/nginx");

        cluster.Delete(gone);
        var come = shop with { Name = "web-3", Uid = Uid.Replace('6', '8'), Containers = [] };
        cluster.Put(come);
        cluster.Compact();
        await following.Server.StartAsync();
        await following.Server.SyncedAsync();

        following.ShouldKnowExactly([shop, come], gone.Facts([]).Select(each => each.Subject), []).ShouldBe(3);
        (await following.CollectAsync()).Values["observe_kubernetes_pods"].ShouldBe(2);
        following.Server.Count("list").ShouldBe(2);
    }

    [Fact]
    public async Task Follow_ServersVersionsWentBack_ListsAgain()
    {
        cluster.Put(shop);
        for (var i = 0; i < 10; i++)
            cluster.Put(shop with { Heartbeat = i });
        await using var following = await StartAsync();
        cluster.GoBack(5);
        await following.Server.BreakAsync(WatchBreak.Cut);
        await following.Server.SyncedAsync();

        following.Server.Count("watch", 504).ShouldBe(1);
        following.Server.Count("list").ShouldBe(2);
    }

    [Fact]
    public async Task List_PagesExpireUnderWay_BeginsAnew()
    {
        var pods = Enumerable.Range(0, 20).Select(i => shop with { Name = $"web-{i}", Uid = $"00000000-0000-4000-8000-0000000000{i:00}", Containers = [] }).ToList();
        pods.ForEach(cluster.Put);
        var server = await ServeAsync();
        server.PageSize = 6;
        var left = 2;
        server.Answer = (_, request) =>
        {
            if (request.IsNextPage && Interlocked.Decrement(ref left) >= 0)
            {
                cluster.Put(pods[0] with { Heartbeat = left });
                cluster.Compact();
            }
            return Task.FromResult(false);
        };
        await using var following = await Following.StartAsync(server, authority);
        await server.SyncedAsync();

        server.Count("list", 410).ShouldBe(2);
        // Two that ended at their second page, and one of four pages.
        server.Count("list").ShouldBe(2 + 2 + 4);
        following.ShouldKnowExactly(pods, [], []).ShouldBe(20);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Request_ServerAsksForAPause_IsGrantedIt(int code)
    {
        cluster.Put(shop);
        var server = await ServeAsync();
        var asked = new List<long>();
        server.Answer = (context, _) =>
        {
            asked.Add(TimeProvider.System.GetTimestamp());
            if (asked.Count > 2)
                return Task.FromResult(false);
            context.Response.StatusCode = code;
            context.Response.Headers.RetryAfter = "1";
            return Task.FromResult(true);
        };
        await using var following = await Following.StartAsync(server, authority, Following.Quick with { LongestAsked = TimeSpan.FromMilliseconds(400) });

        TimeProvider.System.GetElapsedTime(asked[0], asked[1]).TotalMilliseconds.ShouldBeInRange(395, 4000);
        TimeProvider.System.GetElapsedTime(asked[1], asked[2]).TotalMilliseconds.ShouldBeInRange(395, 4000);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch")]
    public async Task Request_ServerRepeatsTheToken_ItIsInNoLineAndNoRow(string verb)
    {
        var server = await ServeAsync();
        server.Answer = async (context, request) =>
        {
            if (request.Verb != verb)
                return false;
            var status = $$"""{"message":"no such user: Bearer {{request.Token}}","code":500}""";
            context.Response.StatusCode = verb == "list" ? 500 : 200;
            await context.Response.WriteAsync(verb == "list" ? status : $$"""{"type":"ERROR","object":{{status}}}""" + "\n");
            return true;
        };
        await using var following = await Following.StartAsync(server, authority, token: "s3cret", follow: false);
        await following.UntilAsync(() => following.Row.Detail.Contains("no such user: Bearer [redacted]", StringComparison.Ordinal), "it says why");

        following.Row.ToString().ShouldNotContain("s3cret");
        following.Log.Lines.ShouldNotBeEmpty();
        following.Log.Lines.ShouldNotContain(line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_Redirected_TokenGoesNowhereElse()
    {
        var elsewhere = await ServeAsync();
        var server = await ServeAsync();
        server.Answer = (context, _) =>
        {
            context.Response.Redirect($"{elsewhere.Url}api/v1/pods", permanent: false);
            return Task.FromResult(true);
        };
        await using var following = await Following.StartAsync(server, authority, follow: false);
        await following.UntilAsync(() => following.Row.Detail.Contains("302", StringComparison.Ordinal), "it says why");

        elsewhere.Requests.ShouldBeEmpty();
        await elsewhere.DisposeAsync();
    }

    private static string Describe(WorkloadLabels labels)
    {
        string Of(string name) => labels.Resource.Labels.Concat(labels.InfoLabels).FirstOrDefault(label => label.Name == name).Value ?? "";
        return $"{Of("workload")} {Of("workload_kind")} {Of("k8s_namespace_name")} {Of("k8s_pod_name")} {Of("k8s_container_name")} | {Of("container_image_name")} | {Of("k8s_pod_label_team")} | {Of("k8s_deployment_name")}";
    }

    private static string Id(char digit) => new(digit, 64);

    private async Task<ApiServer> ServeAsync(HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var server = new ApiServer(cluster, authority.Issue(), protocols);
        await server.StartAsync();
        return server;
    }

    private async Task<Following> StartAsync(HttpProtocols protocols = HttpProtocols.Http1AndHttp2, string[]? labels = null) =>
        await Following.StartAsync(await ServeAsync(protocols), authority, labels: labels);
}
