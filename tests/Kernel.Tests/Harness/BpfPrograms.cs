using System.Diagnostics;
using System.Text.Json;

namespace Observe.Kernel.Tests.Harness;

/// <summary>What the kernel has loaded, by bpftool.</summary>
internal static class BpfPrograms
{
    /// <summary>Ids of the agents' programs, whichever agent loaded them.</summary>
    public static HashSet<int> OfAgents() => Ids("prog", program => program.TryGetProperty("name", out var name) && name.GetString() is { } text
        && (text.StartsWith("ledger_", StringComparison.Ordinal) || text.StartsWith("kvm_", StringComparison.Ordinal)));

    /// <summary>Ids of the ledger's largest maps, whoever made them.</summary>
    public static HashSet<int> MapsOfLedger() => Ids("map", map => map.TryGetProperty("name", out var name) && name.GetString() is "cells" or "wait_carries" or "slot_by_cgroup");

    private static HashSet<int> Ids(string kind, Func<JsonElement, bool> ours)
    {
        using var process = Process.Start(new ProcessStartInfo("bpftool", ["-j", kind, "show"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"bpftool {kind} show");
        return [.. JsonElement.Parse(output).EnumerateArray().Where(ours).Select(each => each.GetProperty("id").GetInt32())];
    }
}
