using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker.Stats;

/// <summary>Memory as <c>docker stats</c> computes it (docker/cli, calculateMemUsageUnixNoCache).</summary>
internal static class DockerMemory
{
    /// <summary>Usage without inactive file cache, bytes: <c>total_inactive_file</c> on cgroup v1, <c>inactive_file</c> on v2.</summary>
    /// <param name="memory">As the engine says it; null or empty where it counts none.</param>
    public static double? Used(ContainerStats.MemoryStats? memory)
    {
        if (memory?.Usage is not { } usage)
            return null;
        if (memory.Field("total_inactive_file") is { } legacy && legacy < usage)
            return usage - legacy;
        return memory.Field("inactive_file") is { } inactive && inactive < usage ? usage - inactive : usage;
    }

    /// <summary>The same in percent of the limit.</summary>
    /// <param name="memory">As the engine says it.</param>
    public static double? Percent(ContainerStats.MemoryStats? memory) =>
        Used(memory) is { } used && memory!.Limit is > 0 and { } limit ? used / limit * 100 : null;
}
