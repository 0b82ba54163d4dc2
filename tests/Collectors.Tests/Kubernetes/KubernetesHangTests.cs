using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Observe.Collectors.Kubernetes;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>API servers that stand still, and API servers that speak nonsense.</summary>
public sealed class KubernetesHangTests : IDisposable
{
    private readonly TestAuthority authority = new();
    private readonly Cluster cluster = new();
    private readonly TruePod pod = new("a", "p", "6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8", Following.Node);

    public void Dispose() => authority.Dispose();

    [Theory]
    [InlineData(WatchBreak.CutMidLine, true)]
    [InlineData(WatchBreak.CloseMidLine, true)]
    [InlineData(WatchBreak.Garbage, false)]
    [InlineData(WatchBreak.LongLine, false)]
    [InlineData(WatchBreak.InternalError, false)]
    [InlineData(WatchBreak.Expired, false)]
    public async Task Watch_EndsBadly_GoesOnFromTheLastEventOrListsAgain(object how, bool resumes)
    {
        cluster.Put(pod);
        await using var following = await StartAsync();
        await following.Server.BreakAsync((WatchBreak)how);
        cluster.Put(pod with { Name = "q", Uid = "6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f9" });
        await following.Server.SyncedAsync();

        (await following.CollectAsync()).Values["observe_kubernetes_pods"].ShouldBe(2);
        following.Server.Count("list").ShouldBe(resumes ? 1 : 2);
        following.Server.Count("watch").ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"ADDED","object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"x","namespace":"y","uid":"z"}}}""")]
    [InlineData("""{"type":"BOOKMARK","object":{"metadata":{}}}""")]
    [InlineData("""{"type":"ERROR"}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"\ud800","namespace":"y","uid":"z","resourceVersion":"1"}}}""")]
    public async Task Watch_LineIsNoEvent_ListsAgain(string line)
    {
        cluster.Put(pod);
        var server = await ServeAsync();
        var watches = 0;
        server.Answer = async (context, request) =>
        {
            if (request.Verb != "watch" || ++watches > 1)
                return false;
            await context.Response.WriteAsync(line + "\n");
            return true;
        };
        await using var following = await Following.StartAsync(server, authority);
        await server.SyncedAsync();

        server.Count("list").ShouldBe(2);
        following.Log.Lines.ShouldContain(each => each.StartsWith("Warning: pods are not followed: the API server's watch sent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_NullsAndUnknownTypesWhereNoneAreExpected_AreSkipped()
    {
        cluster.Put(pod);
        var server = await ServeAsync();
        var watches = 0;
        server.Answer = async (context, request) =>
        {
            if (request.Verb != "watch" || ++watches > 1)
                return false;
            await context.Response.WriteAsync("""{"type":"SURPRISE","object":[1]}""" + "\n");
            await context.Response.WriteAsync("""{"type":"MODIFIED","object":{"metadata":{"name":"p","namespace":"a","uid":"6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8","resourceVersion":"41001","labels":{"a":null},"ownerReferences":[null]},"status":{"containerStatuses":[null,{},{"name":"c","containerID":"abc","state":null}],"initContainerStatuses":null}}}""" + "\n");
            return true;
        };
        await using var following = await Following.StartAsync(server, authority, labels: ["a"]);
        await server.SyncedAsync();

        server.Count("list").ShouldBe(1);
        following.Registry.LabelsOfContainer("abc").ShouldNotBeNull().Name.ShouldBe("p/c");
        (await following.CollectAsync()).Values["observe_kubernetes_watch_events_total unknown"].ShouldBe(1);
    }

    [Fact]
    public async Task Watch_SilentBeyondItsTime_IsTakenForDead()
    {
        cluster.Put(pod);
        var server = await ServeAsync();
        var hangs = true;
        server.Answer = async (context, request) =>
        {
            if (request.Verb != "watch" || !hangs)
                return false;
            hangs = false;
            await context.Response.Body.FlushAsync();
            await UntilAbortedAsync(context);
            return true;
        };
        var timings = Following.Quick with { ShortestWatch = 1, LongestWatch = 1, Grace = TimeSpan.FromMilliseconds(100) };
        await using var following = await Following.StartAsync(server, authority, timings);
        var began = TimeProvider.System.GetTimestamp();
        await server.UntilAsync(each => each.Count("watch", 200) == 2, "another watch");

        TimeProvider.System.GetElapsedTime(began).TotalSeconds.ShouldBeInRange(0.9, 5);
        server.Requests[^1].Version.ShouldBe(server.Requests[^2].Version);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch")]
    public async Task Request_NoAnswer_IsGivenUp(string verb)
    {
        cluster.Put(pod);
        var server = await ServeAsync();
        var hangs = true;
        server.Answer = async (context, request) =>
        {
            if (request.Verb != verb || !hangs)
                return false;
            hangs = false;
            await UntilAbortedAsync(context);
            return true;
        };
        await using var following = await Following.StartAsync(server, authority, Following.Quick with { AnswerWithin = TimeSpan.FromMilliseconds(300) });
        await server.SyncedAsync();

        following.Log.Lines.ShouldContain(each => each.Contains($"did not answer {verb} of pods within 0.3 s", StringComparison.Ordinal));
        (await following.CollectAsync()).Values[$"observe_kubernetes_requests_total {verb} error"].ShouldBe(1);
    }

    [Fact]
    public async Task Connect_NobodyShakesHands_IsGivenUp()
    {
        var server = await ServeAsync();
        await server.StopAsync();
        using var listener = new TcpListener(IPAddress.Loopback, server.Port);
        listener.Start();
        await using var following = await Following.StartAsync(server, authority, Following.Quick with { ConnectWithin = TimeSpan.FromMilliseconds(100) }, follow: false);

        await following.UntilAsync(() => following.Row.Detail.StartsWith("cannot reach the API server", StringComparison.Ordinal), "it says why");
    }

    [Fact]
    public async Task List_LongerThanAnyNodes_IsRefused()
    {
        cluster.Put(pod);
        var server = await ServeAsync();
        server.Answer = async (context, request) =>
        {
            var spaces = new string(' ', 1 << 20);
            for (var i = 0; i < 70 && !context.RequestAborted.IsCancellationRequested; i++)
                await context.Response.WriteAsync(spaces);
            return true;
        };
        await using var following = await Following.StartAsync(server, authority, follow: false);

        await following.UntilAsync(() => following.Row.Detail.Contains("broke off: more than 67108864 bytes", StringComparison.Ordinal), "it says why");
    }

    [Fact]
    public async Task Take_MorePodsThanThereIsRoomFor_AreCounted()
    {
        for (var i = 0; i < 4100; i++)
            cluster.Put(pod with { Name = $"p{i}", Uid = $"{i}" });
        await using var following = await StartAsync();

        (await following.CollectAsync()).Values["observe_kubernetes_pods"].ShouldBe(4096);
        following.Losses.Counter("kubernetes_pods_full").Value.ShouldBe(4);
    }

    [Fact]
    public async Task Follow_AwayForAnHour_AsksAboutOnceAMinute()
    {
        var timings = new WatchTimings { AnswerWithin = TimeSpan.FromSeconds(77) };
        var time = new SkippingTime(timings.AnswerWithin, TimeSpan.FromHours(1));
        var server = await ServeAsync();
        await server.StopAsync();
        await using var following = await Following.StartAsync(server, authority, timings, time: time, follow: false);
        var pauses = await time.Over.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        pauses.ShouldAllBe(each => each <= TimeSpan.FromMinutes(1));
        pauses[0].TotalSeconds.ShouldBeInRange(0.5, 1);
        pauses.Skip(6).ShouldAllBe(each => each >= TimeSpan.FromSeconds(30));
        pauses.Count.ShouldBeInRange(60, 126);
        (await following.CollectAsync()).Values["observe_kubernetes_requests_total list error"].ShouldBe(pauses.Count);
        following.Log.Lines.Count.ShouldBe(1, "the same is said once");
    }

    private static async Task UntilAbortedAsync(HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
    }

    private async Task<ApiServer> ServeAsync()
    {
        var server = new ApiServer(cluster, authority.Issue());
        await server.StartAsync();
        return server;
    }

    private async Task<Following> StartAsync() => await Following.StartAsync(await ServeAsync(), authority);
}
