using System.Globalization;
using System.Text.RegularExpressions;
using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Is there room for BPF maps under RLIMIT_MEMLOCK? Only kernels before 5.11 charge them to it.</summary>
/// <param name="paths">Where to look.</param>
public sealed partial class MemlockProbe(HostPaths paths) : IProbe
{
    private const int SysResource = 24;

    /// <summary>First kernel that charges BPF memory to the cgroup instead.</summary>
    private static readonly Version FirstWithout = new(5, 11);

    /// <summary>What the maps may take on a large host, in bytes: the product's own bound.</summary>
    private const long Enough = 64L << 20;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Look()]);

    private ComponentStatus Look()
    {
        const string Component = "locked memory";
        if (KernelRelease.Parse(paths.KernelRelease) is { } version && version >= FirstWithout)
            return new(Component, StatusLevel.Ok, "no limit applies: this kernel charges BPF maps to the cgroup");
        if (CapabilityProbe.Effective(paths) is { } held && CapabilityProbe.Has(held, SysResource))
            return new(Component, StatusLevel.Ok, "CAP_SYS_RESOURCE: the agent raises the limit itself");
        return SoftLimit() switch
        {
            null => new(Component, StatusLevel.Degraded, $"cannot read the limit from {paths.Proc}/self/limits", "mount the process file system"),
            >= Enough => new(Component, StatusLevel.Ok, "the limit has room for all maps"),
            { } limit => new(
                Component, StatusLevel.Failed, $"limited to {limit / 1024} KiB, and this kernel charges BPF maps to it",
                "LimitMEMLOCK=infinity in the unit, docker run --ulimit memlock=-1, or grant CAP_SYS_RESOURCE"),
        };
    }

    private long? SoftLimit()
    {
        try
        {
            var line = File.ReadLines(Path.Combine(paths.Proc, "self/limits")).FirstOrDefault(each => each.StartsWith("Max locked memory", StringComparison.Ordinal));
            var match = Soft().Match(line ?? "");
            if (!match.Success)
                return null;
            return match.Groups[1].Value == "unlimited" ? long.MaxValue : long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^Max locked memory\s+(unlimited|\d{1,18})\s")]
    private static partial Regex Soft();
}
