using System.Diagnostics;
using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.Peers;

/// <summary>The built agent on a host with something to do, scraped for a while by Prometheus 2 and 3 side by side.</summary>
public sealed class ScrapedAgent : IAsyncLifetime
{
    /// <summary>How long it is scraped before anybody looks.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly Dictionary<int, PrometheusServer> servers = [];
    private readonly List<Process> loads = [];
    private BuiltAgent? agent;

    internal BuiltAgent Agent => agent!;

    /// <summary>Skips the calling test, with the reason, where one of the programs is missing.</summary>
    /// <param name="major">Which Prometheus.</param>
    /// <returns>That Prometheus.</returns>
    internal PrometheusServer Server(int major)
    {
        BuiltAgent.SkipUnlessUsable();
        Assert.SkipUnless(File.Exists(Load("spin")) && File.Exists(Load("sleepwake")), $"needs {Load("spin")} and sleepwake: run 'make test'");
        SkipWithout(major);
        return servers[major];
    }

    /// <summary>Skips the calling test, with the reason, where that Prometheus is missing.</summary>
    /// <param name="major">Which.</param>
    /// <returns>The program.</returns>
    internal static string SkipWithout(int major)
    {
        Assert.SkipUnless(File.Exists(Binary(major)), $"there is no {Binary(major)}: {(major == 2 ? "install Debian's package prometheus" : "run scripts/fetch-prometheus, or set OBSERVE_PROMETHEUS3")}");
        return Binary(major);
    }

    public async ValueTask InitializeAsync()
    {
        int[] majors = [.. new[] { 2, 3 }.Where(each => File.Exists(Binary(each)))];
        if (majors.Length == 0 || !Environment.IsPrivilegedProcess || !File.Exists(Path.Combine(BuiltAgent.Directory, "observe")) || !File.Exists(Load("spin")) || !File.Exists(Load("sleepwake")))
            return;
        // One CPU for both: the sleeper finds it taken and waits, from microseconds to milliseconds.
        loads.Add(Process.Start(Quiet(Load("spin"), "40", "--cpu", "0"))!);
        loads.Add(Process.Start(Quiet(Load("sleepwake"), "40", "--cpu", "0", "--period-us", "1000", "--work-us", "200"))!);
        agent = await BuiltAgent.RunAsync();
        foreach (var major in majors)
            servers.Add(major, new PrometheusServer(Binary(major), agent.Address, native: major == 3));
        await Task.WhenAll(servers.Values.Select(each => each.ScrapedForAsync(Window)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers.Values)
            await server.DisposeAsync();
        foreach (var load in loads)
        {
            load.Kill();
            load.Dispose();
        }
        if (agent is not null)
            await agent.DisposeAsync();
    }

    private static ProcessStartInfo Quiet(string program, params string[] arguments) => new(program, arguments) { RedirectStandardOutput = true };

    private static string Load(string name) => Path.Combine(Repository.Root, "artifacts/load", name);

    /// <summary>Where that Prometheus is, if it is here.</summary>
    /// <param name="major">Which.</param>
    internal static string Binary(int major)
    {
        if (major == 2)
            return "/usr/bin/prometheus";
        var cache = Environment.GetEnvironmentVariable("OBSERVE_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "observe");
        return Environment.GetEnvironmentVariable("OBSERVE_PROMETHEUS3") ?? Path.Combine(cache, "prometheus3/prometheus");
    }
}
