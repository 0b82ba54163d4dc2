using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>
/// A strict API server over HTTPS on loopback. It knows one resource and one role, refuses what a real one refuses and every query
/// that is not exactly right besides, and has the troubles that a test gives it.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const string Selector = "spec.nodeName=";
    private static readonly string[] ListParameters = ["fieldSelector", "limit", "continue", "resourceVersion"];
    private static readonly string[] WatchParameters = ["fieldSelector", "watch", "resourceVersion", "allowWatchBookmarks", "timeoutSeconds"];

    private readonly X509Certificate2 certificate;
    private readonly HttpProtocols protocols;
    private readonly ConcurrentDictionary<ActiveWatch, bool> watches = new();
    private readonly ConcurrentDictionary<string, (long Version, string Node, List<string> Pods)> pages = new();
    private readonly Lock gate = new();
    private readonly List<ApiRequest> requests = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? app;

    public ApiServer(Cluster cluster, X509Certificate2 certificate, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        Cluster = cluster;
        this.certificate = certificate;
        this.protocols = protocols;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public Cluster Cluster { get; }

    public int Port { get; }

    public Uri Url => new($"https://127.0.0.1:{Port}");

    /// <summary>Tokens that are valid now.</summary>
    public ConcurrentDictionary<string, bool> Tokens { get; } = new();

    /// <summary>What the role allows.</summary>
    public volatile string[] Verbs = ["list", "watch"];

    /// <summary>Pods a page, at most; what the client asks for if that is less.</summary>
    public volatile int PageSize = 500;

    /// <summary>Whether too old a version is answered with 410, or inside the watch: real ones do both.</summary>
    public volatile bool RefusesOldVersions;

    /// <summary>Answers a request that is right, and returns true; false to have it answered as usual.</summary>
    public volatile Func<HttpContext, ApiRequest, Task<bool>>? Answer;

    public IReadOnlyList<ApiRequest> Requests
    {
        get
        {
            lock (gate)
                return [.. requests];
        }
    }

    public int Count(string verb, int? code = null) => Requests.Count(each => each.Verb == verb && (code is null || each.Code == code));

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(certificate);
        }));
        app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync();
    }

    /// <summary>Cuts all connections and closes the port.</summary>
    public async Task StopAsync()
    {
        using var now = new CancellationTokenSource(0);
        await app!.StopAsync(now.Token);
        await app.DisposeAsync();
        app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await StopAsync();
    }

    /// <summary>Waits for something that requests and watches lead to.</summary>
    public async Task UntilAsync(Func<ApiServer, bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            Task next;
            lock (gate)
                next = changed.Task;
            if (condition(this))
                return;
            try
            {
                await next.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"waited in vain for: {what}");
            }
        }
    }

    /// <summary>Ends the watch that is open, once one is.</summary>
    public async Task BreakAsync(WatchBreak how)
    {
        await UntilAsync(server => !server.watches.IsEmpty, "a watch");
        foreach (var watch in watches.Keys)
        {
            watch.Break(how);
            await watch.Ended.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    /// <summary>Waits until the client has taken in all that there is: it says so with the version from which it watches on.</summary>
    public async Task SyncedAsync()
    {
        await UntilAsync(server => !server.watches.IsEmpty, "a watch");
        var before = Requests.Count;
        await BreakAsync(WatchBreak.Close);
        await UntilAsync(server => server.Requests is [.., { Verb: "watch", Code: 200 } last] all && all.Count > before && last.Version == $"{Cluster.Version}", "a watch from the present version");
    }

    private async Task HandleAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : null;
        var request = new ApiRequest(query.ContainsKey("watch") ? "watch" : "list", query["resourceVersion"], query.ContainsKey("continue"), token);
        context.Response.OnStarting(() =>
        {
            request.Code = context.Response.StatusCode;
            Pulse();
            return Task.CompletedTask;
        });
        lock (gate)
            requests.Add(request);
        Pulse();
        if (Refuse(context, request) is { } refusal)
            await RefuseAsync(context, refusal.Code, refusal.Reason, refusal.Message);
        else if (Answer is not { } answer || !await answer(context, request))
            await (request.Verb == "watch" ? WatchAsync(context) : ListAsync(context));
    }

    private (int Code, string Reason, string Message)? Refuse(HttpContext context, ApiRequest request)
    {
        var query = context.Request.Query;
        if (request.Token is null || !Tokens.ContainsKey(request.Token))
            return (401, "Unauthorized", "Unauthorized");
        if (context.Request.Path != "/api/v1/pods" || context.Request.Method != "GET" || !Verbs.Contains(request.Verb))
            return (403, "Forbidden", $"pods is forbidden: User \"system:serviceaccount:observe:observe\" cannot {request.Verb} resource \"pods\" in API group \"\" at the cluster scope");
        if (context.Request.Headers.Accept != "application/json")
            return (406, "NotAcceptable", "only application/json");
        if (query.Keys.Except(request.Verb == "watch" ? WatchParameters : ListParameters).FirstOrDefault() is { } unknown)
            return (400, "BadRequest", $"unknown parameter {unknown}");
        if (query["fieldSelector"].ToString() is var selector && (!selector.StartsWith(Selector, StringComparison.Ordinal) || selector.Length == Selector.Length))
            return (400, "BadRequest", "no field selector for a node");
        return request.Verb == "watch" ? RefuseWatch(query) : RefuseList(query);
    }

    private static (int Code, string Reason, string Message)? RefuseWatch(IQueryCollection query)
    {
        if (query["watch"] != "1" || query["allowWatchBookmarks"] != "true")
            return (400, "BadRequest", "watch and allowWatchBookmarks must be true");
        if (!long.TryParse(query["resourceVersion"], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return (400, "BadRequest", "a watch needs a resource version");
        return int.TryParse(query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? null : (400, "BadRequest", "timeoutSeconds");
    }

    private static (int Code, string Reason, string Message)? RefuseList(IQueryCollection query)
    {
        if (!int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > 500)
            return (400, "BadRequest", "limit");
        if (query.ContainsKey("continue") && query.ContainsKey("resourceVersion"))
            return (400, "BadRequest", "specifying resource version is not allowed when using continue");
        return query.ContainsKey("continue") || query["resourceVersion"] == "0" ? null : (400, "BadRequest", "a list that the database must answer");
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = Math.Min(PageSize, int.Parse(query["limit"]!, CultureInfo.InvariantCulture));
        var node = query["fieldSelector"].ToString()[Selector.Length..];
        var (version, pods) = Cluster.On(node);
        if (query["continue"] is [{ } page])
        {
            if (!pages.TryRemove(page, out var at) || at.Node != node || Cluster.IsCompacted(at.Version))
            {
                await RefuseAsync(context, 410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
                return;
            }
            // The state of the first page, whatever has changed since.
            (version, pods) = (at.Version, at.Pods);
        }
        var meta = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (pods.Count > limit)
        {
            var next = $"page {Guid.NewGuid()}+/=";
            pages[next] = (version, node, pods[limit..]);
            meta["continue"] = next;
            meta["remainingItemCount"] = pods.Count - limit;
        }
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"kind":"PodList","apiVersion":"v1","metadata":{{meta.ToJsonString()}},"items":[{{string.Join(',', pods.Take(limit))}}]}""");
    }

    private async Task WatchAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var from = long.Parse(query["resourceVersion"]!, CultureInfo.InvariantCulture);
        if (RefusesOldVersions && Cluster.IsCompacted(from))
        {
            await RefuseAsync(context, 410, "Expired", $"too old resource version: {from}");
            return;
        }
        if (from > Cluster.Version)
        {
            await RefuseAsync(context, 504, "Timeout", $"Too large resource version: {from}, current: {Cluster.Version}");
            return;
        }
        context.Response.ContentType = "application/json";
        var watch = new ActiveWatch(context, Cluster, query["fieldSelector"].ToString()[Selector.Length..], from);
        watches[watch] = true;
        Pulse();
        try
        {
            await watch.RunAsync(TimeSpan.FromSeconds(int.Parse(query["timeoutSeconds"]!, CultureInfo.InvariantCulture)));
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the server stops.
        }
        finally
        {
            watches.TryRemove(watch, out _);
            watch.End();
            Pulse();
        }
    }

    private static async Task RefuseAsync(HttpContext context, int code, string reason, string message)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message, ["reason"] = reason, ["code"] = code };
        await context.Response.WriteAsync(status.ToJsonString());
    }

    private void Pulse()
    {
        TaskCompletionSource before;
        lock (gate)
        {
            before = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        before.SetResult();
    }
}
