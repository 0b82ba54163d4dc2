using System.Runtime.InteropServices;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Self;

/// <summary>This host, as the Resource of everything that is not a workload's.</summary>
public static class HostResource
{
    /// <summary>Reads who this host is. In Prometheus it carries no labels: the target's <c>instance</c> says it.</summary>
    /// <param name="version">Version of the agent.</param>
    /// <param name="kernelRelease">Release of the kernel, as <c>uname -r</c> prints it.</param>
    /// <param name="hostId">Which machine it is; null if unknown.</param>
    public static Resource Create(string version, string kernelRelease, string? hostId = null) => new(
    [
        new("service.name", "observe"),
        new("service.version", version),
        new("host.name", Environment.MachineName),
        .. hostId is null ? [] : new KeyValuePair<string, string>[] { new("host.id", hostId) },
        new("host.arch", RuntimeInformation.OSArchitecture switch
        {
            // The values of the semantic conventions, not .NET's.
            Architecture.X64 => "amd64",
            Architecture.Arm64 => "arm64",
            var other => other.ToString().ToLowerInvariant(),
        }),
        new("os.type", "linux"),
        new("os.version", kernelRelease),
    ], []);
}
