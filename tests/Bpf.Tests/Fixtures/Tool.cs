using System.Diagnostics;
using System.Text.Json;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>Runs other programs: the compiler, and the independent witnesses.</summary>
internal static class Tool
{
    internal static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    internal static string Must(string program, params string[] arguments)
    {
        var (code, output, error) = Run(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit {code}: {error}{output}");
    }

    /// <summary>bpftool's answer as JSON.</summary>
    internal static JsonElement BpfTool(params string[] arguments) =>
        JsonDocument.Parse(Must("bpftool", ["-j", .. arguments])).RootElement;

    /// <summary>Whether the kernel has a program, map or link of that id.</summary>
    internal static bool Exists(string kind, uint id) => Run("bpftool", "-j", kind, "show", "id", $"{id}").ExitCode == 0;

    /// <summary>Whether it is gone, within 5 s: the kernel frees after an RCU grace period.</summary>
    internal static bool Disappears(string kind, uint id) =>
        SpinWait.SpinUntil(() => !Exists(kind, id), TimeSpan.FromSeconds(5));
}
