using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>
/// What <c>make build</c> leaves in artifacts/observe, run as on a user's host: with the ledger, without our environment, and where
/// a test wants it in a mount namespace of its own, in which the host lacks something.
/// </summary>
internal sealed class BuiltAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where the program is bound in a mount namespace: whoever it runs as can reach it there.</summary>
    private const string Bound = "/mnt";

    // The mounts are made only where they cannot touch the host: in another mount namespace than the one we are in.
    private const string InNamespace = """
        [ "$(readlink /proc/self/ns/mnt)" != "$OUTER" ] || { echo 'not in a mount namespace of its own' >&2; exit 99; }
        mount --bind "$PROGRAM" /mnt
        eval "$MOUNTS"
        unset OUTER PROGRAM MOUNTS
        exec "$@"
        """;

    private readonly Process process;
    private readonly Task<string> output;
    private readonly List<string> log = [];
    private readonly TaskCompletionSource<Uri> listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient client = new();

    private BuiltAgent(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The published program's directory.</summary>
    public static string Directory { get; } = Path.Combine(Repository.Root, "artifacts/observe");

    /// <summary>Its process id; wrappers have become it.</summary>
    public int Id => process.Id;

    /// <summary>Where it listens.</summary>
    public Uri Address => listens.Task.Result;

    /// <summary>What it has written to standard error so far, by line.</summary>
    public string[] Log
    {
        get
        {
            lock (log)
                return [.. log];
        }
    }

    /// <summary>Skips the calling test, with the reason, where the agent cannot be run with its ledger.</summary>
    public static void SkipUnlessUsable()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the agent loads BPF programs");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)");
        Assert.SkipUnless(File.Exists(Path.Combine(Directory, "observe")), $"needs {Directory}/observe: run 'make build'");
    }

    /// <summary>Starts <c>observe run</c>, on a free port unless the arguments have <c>--listen</c>, and returns when it listens.</summary>
    /// <param name="environment">Variables to set.</param>
    /// <param name="host">What the host lacks; null for nothing.</param>
    /// <param name="arguments">Further arguments.</param>
    public static async Task<BuiltAgent> RunAsync(Dictionary<string, string>? environment = null, HostWithout? host = null, params string[] arguments)
    {
        var agent = Launch(environment, host, arguments);
        try
        {
            await agent.listens.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
            // The first collection comes after that.
            await agent.LineAsync("event=Started");
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, and returns at once.</summary>
    /// <param name="environment">Variables to set.</param>
    /// <param name="host">What the host lacks; null for nothing.</param>
    /// <param name="arguments">Further arguments.</param>
    public static BuiltAgent Launch(Dictionary<string, string>? environment = null, HostWithout? host = null, params string[] arguments) =>
        new(Start(["run", .. arguments.Contains("--listen") ? [] : (string[])["--listen", "127.0.0.1:0"], .. arguments], environment, host));

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string[] Error)> CommandAsync(HostWithout? host, params string[] arguments)
    {
        await using var agent = new BuiltAgent(Start(arguments, null, host));
        var code = await agent.ExitAsync();
        return (code, await agent.output, agent.Log);
    }

    /// <summary>GET.</summary>
    public async Task<(HttpStatusCode Code, string Body)> GetAsync(string path, string accept = "*/*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>GET, as bytes.</summary>
    public async Task<byte[]> GetBytesAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A connection of our own, to misbehave on.</summary>
    public async Task<Socket> ConnectAsync(int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Waits for a line of the log.</summary>
    public async Task<string> LineAsync(string containing)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience;)
        {
            if (Array.Find(Log, each => each.Contains(containing, StringComparison.Ordinal)) is { } line)
                return line;
            if (process.HasExited)
                break;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"no line with '{containing}' in:\n{string.Join('\n', Log)}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Sends SIGTERM, and says what it ended with and how long that took.</summary>
    public async Task<(int Code, TimeSpan Took)> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        Signal("TERM");
        var code = await ExitAsync();
        return (code, clock.Elapsed);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process.Dispose();
        client.Dispose();
    }

    private static ProcessStartInfo Start(string[] arguments, Dictionary<string, string>? environment, HostWithout? host)
    {
        string[] command = host is null
            ? [Path.Combine(Directory, "observe"), .. arguments]
            : ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc", InNamespace, "sh", .. host.Under, $"{Bound}/observe", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        // Settings to the agent, and the ways by which it would talk to the service manager that runs the tests.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        if (host is not null)
        {
            start.Environment["OUTER"] = new FileInfo("/proc/self/ns/mnt").LinkTarget;
            start.Environment["PROGRAM"] = Directory;
            start.Environment["MOUNTS"] = host.Mounts;
        }
        return start;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("OBSERVE_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name is "NOTIFY_SOCKET" or "WATCHDOG_USEC" or "WATCHDOG_PID" or "JOURNAL_STREAM";

    private void Keep(string? line)
    {
        if (line is null)
        {
            listens.TrySetException(new InvalidOperationException($"it ended before it listened:\n{string.Join('\n', Log)}"));
            return;
        }
        lock (log)
            log.Add(line);
        const string At = "addresses=";
        if (line.Contains("event=Listening", StringComparison.Ordinal))
            listens.TrySetResult(new Uri(line[(line.IndexOf(At, StringComparison.Ordinal) + At.Length)..].Split(' ')[0]));
    }
}
