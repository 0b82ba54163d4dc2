using System.Globalization;
using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker;

/// <summary>What a container may use, from how it was created.</summary>
internal static class ContainerLimits
{
    /// <summary>The engine's period where none was asked for, us.</summary>
    private const double DefaultPeriod = 100_000;

    /// <summary>CPUs at most: its quota, else as many as it is bound to; null without a limit.</summary>
    /// <param name="limits">As it was created.</param>
    public static double? Cpus(ContainerInspect.ContainerHostConfig limits)
    {
        if (limits.NanoCpus > 0)
            return limits.NanoCpus / 1e9;
        if (limits.CpuQuota > 0)
            return limits.CpuQuota / (limits.CpuPeriod > 0 ? limits.CpuPeriod : DefaultPeriod);
        return CpuSet(limits.CpusetCpus ?? "");
    }

    /// <summary>How many CPUs a list like <c>0-2,7</c> names; null if it names none.</summary>
    private static double? CpuSet(string list)
    {
        var count = 0;
        foreach (var part in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2);
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
                return null;
            count += last - first + 1;
        }
        return count > 0 ? count : null;
    }
}
