using System.Diagnostics;
using System.Text;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>The built program, run as a user would run it.</summary>
internal sealed class ObserveProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    public ObserveProcess(string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "observe"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // What the kernel has to say is for the kernel tests; here it would only decide whether the agent is ready.
        start.Environment["OBSERVE_COLLECTORS__SCHED__ENABLED"] = "false";
        start.Environment["OBSERVE_COLLECTORS__CGROUP__ENABLED"] = "false";
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public string Output => Read(output);

    public string Error => Read(error);

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var observe = new ObserveProcess(arguments);
        var code = await observe.ExitAsync();
        return (code, observe.Output, observe.Error);
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        return process.ExitCode;
    }

    /// <summary>Waits for a line on standard error and returns it.</summary>
    public async Task<string> LineAsync(string containing)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (Error.Split('\n').FirstOrDefault(each => each.Contains(containing)) is { } line)
                return line;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"no line with '{containing}' in: {Error}");
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, Id.ToString()]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static void Append(StringBuilder to, string? line)
    {
        lock (to)
        {
            if (line is not null)
                to.Append(line).Append('\n');
        }
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
            return from.ToString();
    }
}
