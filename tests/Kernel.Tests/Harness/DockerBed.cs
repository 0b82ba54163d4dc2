using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Observe.Kernel.Tests.Harness;

/// <summary>A container engine of our own, with an image of busybox, in a directory that goes with it. Asked over its socket, by means that the agent has no part in.</summary>
public sealed class DockerBed : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(Bed.InVm ? 240 : 30);
    private static int made;
    private readonly string directory = Path.Combine(Path.GetTempPath(), $"observe-docker-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");
    private readonly HttpClient http;
    private Process? daemon;
    private string said = "";

    public DockerBed()
    {
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://docker/v1.41/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Why there is none here, or null.</summary>
    public static string? Missing { get; } = Bed.Missing()
        ?? (!File.Exists("/usr/sbin/dockerd") ? "needs dockerd: run 'make test', which installs it" : !File.Exists("/bin/busybox") ? "needs a static busybox" : null);

    /// <summary>Where it listens.</summary>
    public string Socket => Path.Combine(directory, "docker.sock");

    /// <summary>For the agent.</summary>
    public string Endpoint => $"unix://{Socket}";

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        Directory.CreateDirectory(directory);
        await StartDaemonAsync();
        await ImportImageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (daemon is not null)
        {
            foreach (var container in (await ListAsync()).Select(each => (string)each!["Id"]!))
                await SendAsync(HttpMethod.Delete, $"containers/{container}?force=1");
            await KillDaemonAsync("-TERM");
        }
        http.Dispose();
        if (Missing is not null)
            return;
        // A daemon that was killed leaves its own mounts.
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(directory, StringComparison.Ordinal)).Reverse().ToArray())
        {
            using var unmount = Process.Start("umount", ["-l", mount]);
            await unmount.WaitForExitAsync();
        }
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Starts the daemon; once more if it ends at once: of one that was killed, its containerd may not have noticed yet.</summary>
    public async Task StartDaemonAsync()
    {
        const int Attempts = 3;
        for (var attempt = 1; !await TryStartDaemonAsync(); attempt++)
        {
            if (attempt == Attempts)
                throw new InvalidOperationException($"dockerd did not start; it said:\n{said}");
        }
    }

    private async Task<bool> TryStartDaemonAsync()
    {
        var storage = Bed.InVm ? "vfs" : "overlay2";
        daemon = Process.Start(new ProcessStartInfo("/usr/sbin/dockerd",
        [
            "--data-root", $"{directory}/data", "--exec-root", $"{directory}/exec", "-H", Endpoint, "--pidfile", $"{directory}/pid", "--storage-driver", storage,
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--log-level", "warn",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        daemon.ErrorDataReceived += (_, line) => said = line.Data is { Length: > 0 } text ? text : said;
        daemon.BeginErrorReadLine();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if ((await http.GetAsync("/_ping")).IsSuccessStatusCode)
                    return true;
            }
            catch (HttpRequestException)
            {
            }
            if (daemon.HasExited)
                return false;
            if (Stopwatch.GetElapsedTime(began) > StartLimit)
                throw new InvalidOperationException($"dockerd was not ready after {StartLimit}; it said:\n{said}");
            await Task.Delay(50);
        }
    }

    /// <summary>Ends the daemon, and waits for it.</summary>
    public async Task KillDaemonAsync(string signal)
    {
        using var ending = daemon!;
        daemon = null;
        using (var kill = Process.Start("kill", [signal, $"{ending.Id}"]))
            await kill.WaitForExitAsync();
        await ending.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
    }

    /// <summary>Creates and starts a container.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="command">What it runs.</param>
    /// <param name="host">HostConfig, beside the network.</param>
    /// <returns>Its full id.</returns>
    public async Task<string> RunAsync(string name, string command, JsonObject? host = null)
    {
        host ??= [];
        host["NetworkMode"] = "none";
        var body = new JsonObject
        {
            ["Image"] = "busybox:test",
            ["Cmd"] = new JsonArray("/bin/sh", "-c", command),
            ["Labels"] = new JsonObject { ["team.name/x"] = "blue" },
            ["Env"] = new JsonArray("SECRET=hunter2", "TIER=web"),
            ["HostConfig"] = host,
        };
        var id = (string)(await SendAsync(HttpMethod.Post, $"containers/create?name={name}", body))!["Id"]!;
        await SendAsync(HttpMethod.Post, $"containers/{id}/start");
        return id;
    }

    /// <summary>All containers.</summary>
    public async Task<JsonArray> ListAsync() => (JsonArray)(await SendAsync(HttpMethod.Get, "containers/json?all=1"))!;

    /// <summary>Waits until it has ended.</summary>
    public async Task WaitAsync(string container) => await SendAsync(HttpMethod.Post, $"containers/{container}/wait");

    /// <summary>Removes it, running or not.</summary>
    public Task RemoveAsync(string container) => SendAsync(HttpMethod.Delete, $"containers/{container}?force=1");

    /// <summary>One sample as the engine gives it.</summary>
    public async Task<JsonNode> StatsAsync(string container) => (await SendAsync(HttpMethod.Get, $"containers/{container}/stats?stream=false&one-shot=true"))!;

    /// <summary>What the engine says of a container.</summary>
    public async Task<JsonNode> InspectAsync(string container) => (await SendAsync(HttpMethod.Get, $"containers/{container}/json"))!;

    /// <summary>Events of containers between two moments, ns since the Unix epoch, that the engine still knows.</summary>
    public async Task<IReadOnlyList<JsonNode>> EventsAsync(long since, long until)
    {
        var text = await http.GetStringAsync($"events?since={Seconds(since)}&until={Seconds(until)}&filters=%7B%22type%22%3A%5B%22container%22%5D%7D");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

        static string Seconds(long at) => $"{at / 1_000_000_000}.{at % 1_000_000_000:000000000}";
    }

    /// <summary>Events as they come, until the engine goes away or it is cancelled.</summary>
    public async Task ListenAsync(ICollection<JsonNode> events, TaskCompletionSource listening, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
            listening.SetResult();
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                lock (events)
                    events.Add(JsonNode.Parse(line)!);
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            // The engine was killed, or the test is over.
        }
    }

    /// <summary>Asks for anything.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private async Task ImportImageAsync()
    {
        var root = Path.Combine(directory, "rootfs");
        Directory.CreateDirectory($"{root}/bin");
        File.Copy("/bin/busybox", $"{root}/bin/busybox");
        foreach (var applet in new[] { "sh", "sleep", "true", "dd", "yes", "tail", "cat", "head" })
            File.CreateSymbolicLink($"{root}/bin/{applet}", "busybox");
        using (var tar = Process.Start("tar", ["-C", root, "-cf", $"{directory}/image.tar", "."]))
            await tar.WaitForExitAsync();
        await using var image = File.OpenRead($"{directory}/image.tar");
        using var answer = await http.PostAsync("images/create?fromSrc=-&repo=busybox&tag=test", new StreamContent(image));
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsStringAsync();
    }
}
