using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Observe.Collectors.Tests.Docker;

/// <summary>
/// A strict container engine on a real socket, for what a real one cannot be made to do: hang, be old or new, tell events
/// twice, write nonsense. Requests it would not take are answered with 400 and noted.
/// </summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<int, Channel<string>> listeners = new();
    private readonly List<(long At, string Line)> kept = [];
    private readonly CancellationTokenSource stopping = new();
    private int lastListener;

    private FakeEngine(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(listen);
        builder.WebHost.UseKestrelHttpsConfiguration();
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>The version it says it speaks, and the oldest it takes.</summary>
    public (string Offered, string Oldest) Version { get; set; } = ("1.41", "1.12");

    /// <summary>Says that it is Podman.</summary>
    public bool IsPodman { get; set; }

    /// <summary>Whether it answers nothing at all.</summary>
    public bool IsHung { get; set; }

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Containers by id.</summary>
    public ConcurrentDictionary<string, JsonObject> Containers { get; } = new();

    /// <summary>Samples by id; made up if there is none.</summary>
    public ConcurrentDictionary<string, string> Stats { get; } = new();

    /// <summary>Containers about which it does not answer.</summary>
    public ConcurrentDictionary<string, bool> Hung { get; } = new();

    /// <summary>Requests that a real engine would have refused.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>Requests, by their path without the version.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; private init; } = "";

    /// <summary>Streams of events that are open.</summary>
    public int Listeners => listeners.Count;

    public static async Task<FakeEngine> StartAsync(string? path = null)
    {
        path ??= Path.Combine(Path.GetTempPath(), $"observe-engine-{Guid.NewGuid():N}"[..32]);
        File.Delete(path);
        var engine = new FakeEngine(kestrel => kestrel.ListenUnixSocket(path)) { SocketPath = path };
        await engine.app.StartAsync();
        return engine;
    }

    /// <summary>The same on TCP, with TLS.</summary>
    public static async Task<(FakeEngine Engine, int Port)> StartTlsAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        var engine = new FakeEngine(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await engine.app.StartAsync();
        return (engine, new Uri(engine.app.Urls.First()).Port);
    }

    /// <summary>A container, as inspecting it shows it.</summary>
    public JsonObject Add(string id, string name, string status = "running")
    {
        var container = new JsonObject
        {
            ["Id"] = id,
            ["Name"] = $"/{name}",
            ["Image"] = "sha256:1",
            ["Created"] = "2026-01-01T00:00:00Z",
            ["RestartCount"] = 0,
            ["State"] = new JsonObject { ["Status"] = status, ["StartedAt"] = "2026-01-01T00:00:01.5Z", ["ExitCode"] = 0 },
            ["Config"] = new JsonObject { ["Image"] = "web:1", ["Hostname"] = "h", ["Labels"] = new JsonObject { ["team"] = "blue" }, ["Env"] = new JsonArray("TIER=web", "SECRET=hunter2") },
            ["HostConfig"] = new JsonObject { ["NanoCpus"] = 500_000_000 },
        };
        Containers[id] = container;
        return container;
    }

    /// <summary>Something happens.</summary>
    public void Say(string action, string id, long at, params (string Name, string Value)[] attributes)
    {
        var named = new JsonObject();
        foreach (var (name, value) in attributes)
            named[name] = value;
        SayRaw(new JsonObject { ["Type"] = "container", ["Action"] = action, ["Actor"] = new JsonObject { ["ID"] = id, ["Attributes"] = named }, ["time"] = at / 1_000_000_000, ["timeNano"] = at }.ToJsonString(), at);
    }

    /// <summary>It writes a line.</summary>
    public void SayRaw(string line, long at = 0)
    {
        lock (kept)
        {
            if (at > 0)
                kept.Add((at, line));
            foreach (var listener in listeners.Values)
                listener.Writer.TryWrite(line + "\n");
        }
    }

    /// <summary>It breaks all connections on which it tells events.</summary>
    public void Break()
    {
        foreach (var listener in listeners.Values)
            listener.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Break();
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        while (IsHung)
            await Task.Delay(20, ending.Token);
        var path = context.Request.Path.Value!;
        if (path == "/_ping")
        {
            context.Response.Headers["Api-Version"] = Version.Offered;
            if (IsPodman)
                context.Response.Headers["Libpod-API-Version"] = "4.3.1";
            return;
        }
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || parts[0][0] != 'v' || context.Request.Method != "GET")
        {
            await RefuseAsync(context, 400, "no version");
            return;
        }
        if (Minor(parts[0][1..]) > Minor(Version.Offered) || Minor(parts[0][1..]) < Minor(Version.Oldest))
        {
            await RefuseAsync(context, 400, Minor(parts[0][1..]) < Minor(Version.Oldest) ? $"client version {parts[0][1..]} is too old. Minimum supported API version is {Version.Oldest}" : "client version is too new");
            return;
        }
        Requests.Enqueue(string.Join('/', parts[1..]));
        await (parts[1..] switch
        {
            ["containers", "json"] => ListAsync(context),
            ["containers", var id, "json"] => InspectAsync(context, id),
            ["containers", var id, "stats"] => StatsAsync(context, id, Minor(parts[0][1..])),
            ["events"] => EventsAsync(context),
            ["info"] => context.Response.WriteAsync(new JsonObject { ["SystemTime"] = (DateTimeOffset.UtcNow + Skew).ToString("O") }.ToJsonString()),
            _ => RefuseAsync(context, 404, "page not found"),
        });
    }

    private Task ListAsync(HttpContext context) =>
        context.Response.WriteAsync(new JsonArray([.. Containers.Values.Select(each => (JsonNode)new JsonObject { ["Id"] = (string)each["Id"]!, ["Names"] = new JsonArray() })]).ToJsonString());

    private async Task InspectAsync(HttpContext context, string id)
    {
        await HangAsync(context, id);
        if (Containers.TryGetValue(id, out var container))
            await context.Response.WriteAsync(container.ToJsonString());
        else
            await RefuseAsync(context, 404, $"No such container: {id}", expected: true);
    }

    private async Task StatsAsync(HttpContext context, string id, int minor)
    {
        var query = context.Request.Query;
        if (query["stream"] != "false" || (minor >= 41) != (query["one-shot"] == "true"))
            await RefuseAsync(context, 400, $"stats of {minor} asked for as {context.Request.QueryString}");
        await HangAsync(context, id);
        if (!Containers.ContainsKey(id))
            await RefuseAsync(context, 404, $"No such container: {id}", expected: true);
        else
            await context.Response.WriteAsync(Stats.GetValueOrDefault(id) ?? """{"read":"2026-01-01T00:00:05.000000001Z","cpu_stats":{"cpu_usage":{"total_usage":7}}}""");
    }

    private async Task EventsAsync(HttpContext context)
    {
        var filters = JsonSerializer.Deserialize<JsonObject>(context.Request.Query["filters"].ToString() is { Length: > 0 } text ? text : "{}")!;
        if (filters["type"]?.AsArray().Select(each => (string)each!).SequenceEqual(["container"]) != true)
            await RefuseAsync(context, 400, "events of other things than containers are nobody's business");
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        var channel = Channel.CreateUnbounded<string>();
        var number = Interlocked.Increment(ref lastListener);
        lock (kept)
        {
            if (context.Request.Query["since"].ToString() is { Length: > 0 } since)
            {
                var from = (long)(decimal.Parse(since, System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000);
                foreach (var (_, line) in kept.Where(each => each.At >= from))
                    channel.Writer.TryWrite(line + "\n");
            }
            listeners[number] = channel;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        try
        {
            await context.Response.Body.FlushAsync(ending.Token);
            await foreach (var line in channel.Reader.ReadAllAsync(ending.Token))
                await context.Response.WriteAsync(line, ending.Token);
        }
        catch (OperationCanceledException)
        {
        }
        listeners.TryRemove(number, out _);
    }

    private async Task HangAsync(HttpContext context, string id)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        while (Hung.ContainsKey(id))
            await Task.Delay(20, ending.Token);
    }

    private async Task RefuseAsync(HttpContext context, int status, string message, bool expected = false)
    {
        if (!expected && !message.Contains("too old", StringComparison.Ordinal))
            Wrong.Enqueue($"{context.Request.Path}{context.Request.QueryString}: {message}");
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(new JsonObject { ["message"] = message }.ToJsonString());
    }

    private static int Minor(string version) => int.Parse(version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
}
