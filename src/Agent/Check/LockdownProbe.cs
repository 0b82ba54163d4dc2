using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>What does kernel lockdown forbid?</summary>
/// <param name="paths">Where to look.</param>
public sealed class LockdownProbe(HostPaths paths) : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Look()]);

    private ComponentStatus Look()
    {
        const string Component = "lockdown";
        // "none [integrity] confidentiality": the one in force stands in brackets.
        var modes = HostPaths.FirstLine(Path.Combine(paths.Sys, "kernel/security/lockdown"));
        if (modes is null)
            return new(Component, StatusLevel.Ok, "not built in, or not visible because securityfs is not mounted");
        var start = modes.IndexOf('[', StringComparison.Ordinal) + 1;
        var end = modes.IndexOf(']', StringComparison.Ordinal);
        var mode = start > 0 && end > start ? modes[start..end] : modes;
        return mode switch
        {
            "none" => new(Component, StatusLevel.Ok, "none"),
            "confidentiality" => new(Component, StatusLevel.Failed, "confidentiality: BPF programs may not read kernel memory", "boot with lockdown=integrity or without it"),
            _ => new(
                Component, StatusLevel.Degraded, $"{mode}: fentry and kprobe programs may be refused; tracepoints carry the ledger without them",
                "none is needed where the rows of the programs are ok; else boot without lockdown"),
        };
    }
}
