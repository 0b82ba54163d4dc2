using System.Diagnostics;
using System.Text.Json;

namespace Observe.Kernel.Tests.Harness;

/// <summary>A load generator of tests/load, running in a cgroup. Ended when disposed, if it has not ended by itself.</summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly string command;

    private Load(Process process, string command)
    {
        this.process = process;
        this.command = command;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its process.</summary>
    public int Pid => process.Id;

    /// <summary>What it said when its load was in place.</summary>
    public JsonElement Ready { get; private set; }

    /// <summary>Starts one in a cgroup, and returns when its load is in place.</summary>
    /// <param name="group">Where it runs; null for where we are.</param>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<Load> StartAsync(TestCgroup? group, string program, params string[] arguments) =>
        StartAsync(group, [], program, arguments);

    /// <summary>The same under a command that runs commands, such as <c>chrt</c>.</summary>
    public static Task<Load> StartAsync(TestCgroup? group, string[] under, string program, string[] arguments) =>
        StartAsync(group, cpu: null, under, program, arguments);

    /// <summary>The same on one CPU from its first instruction, not only from when it sees to that itself.</summary>
    /// <remarks>Of a thread that moves to another CPU while it is throttled, kernels before 6.18 count both run queues' time.</remarks>
    public static Task<Load> StartOnAsync(int cpu, TestCgroup group, string program, params string[] arguments) =>
        StartAsync(group, cpu, [], program, [.. arguments, "--cpu", $"{cpu}"]);

    private static async Task<Load> StartAsync(TestCgroup? group, int? cpu, string[] under, string program, string[] arguments)
    {
        // The shell joins the cgroup and becomes the program: all of the program's life is spent there.
        var start = new ProcessStartInfo(cpu is null ? "/bin/sh" : "taskset") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] files = [.. group?.ProcsFiles ?? []];
        const string JoinAndRun = "n=$1; shift; while [ $n -gt 0 ]; do echo $$ >\"$1\" || exit 1; shift; n=$((n - 1)); done; exec \"$@\"";
        string[] pinned = cpu is null ? [] : ["-c", $"{cpu}", "/bin/sh"];
        foreach (var argument in (string[])[.. pinned, "-c", JoinAndRun, program, $"{files.Length}", .. files, .. under, Bed.Artifact($"load/{program}"), .. arguments])
            start.ArgumentList.Add(argument);
        var load = new Load(Process.Start(start)!, $"{program} {string.Join(' ', arguments)}");
        try
        {
            load.Ready = await load.ReadAsync();
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
        return load;
    }

    /// <summary>Sends a line.</summary>
    public async Task SignAsync()
    {
        await process.StandardInput.WriteLineAsync();
        await process.StandardInput.FlushAsync();
    }

    /// <summary>The next thing it says.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var line = await process.StandardOutput.ReadLineAsync(patience.Token);
        return line is not null ? JsonElement.Parse(line) : throw new InvalidOperationException($"{command}: ended without a word: {await errors}");
    }

    /// <summary>What it measured itself, after it has ended.</summary>
    public async Task<JsonElement> EndAsync()
    {
        var result = await ReadAsync();
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, $"{command}: {await errors}");
        return result;
    }

    /// <summary>Nanoseconds of a JSON member, in seconds.</summary>
    public static double Seconds(JsonElement element, string name) => element.GetProperty(name).GetInt64() / 1e9;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
