using System.Globalization;
using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>May this process load BPF programs?</summary>
/// <param name="paths">Where to look.</param>
public sealed class CapabilityProbe(HostPaths paths) : IProbe
{
    // Bits of linux/capability.h.
    private const int SysAdmin = 21;
    private const int Perfmon = 38;
    private const int Bpf = 39;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Look()]);

    private ComponentStatus Look()
    {
        const string Component = "capabilities";
        if (Effective(paths) is not { } held)
            return new(Component, StatusLevel.Degraded, $"cannot read CapEff from {paths.Proc}/self/status", "mount the process file system");
        if (Has(held, Bpf) && Has(held, Perfmon))
            return new(Component, StatusLevel.Ok, "CAP_BPF and CAP_PERFMON");
        if (Has(held, SysAdmin))
            return new(Component, StatusLevel.Ok, "CAP_SYS_ADMIN, which includes CAP_BPF and CAP_PERFMON");
        string[] missing = [.. Has(held, Bpf) ? [] : new[] { "CAP_BPF" }, .. Has(held, Perfmon) ? [] : new[] { "CAP_PERFMON" }];
        return new(
            Component, StatusLevel.Failed, $"{string.Join(" and ", missing)} missing: BPF programs cannot be loaded",
            "run as root, or grant them: AmbientCapabilities=CAP_BPF CAP_PERFMON in the unit, docker run --cap-add BPF --cap-add PERFMON");
    }

    /// <summary>The capabilities in effect as a bit mask; null if unknown.</summary>
    internal static ulong? Effective(HostPaths paths)
    {
        const string Field = "CapEff:";
        try
        {
            var line = File.ReadLines(Path.Combine(paths.Proc, "self/status")).FirstOrDefault(each => each.StartsWith(Field, StringComparison.Ordinal));
            return ulong.TryParse(line.AsSpan()[(line is null ? 0 : Field.Length)..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static bool Has(ulong mask, int capability) => (mask >> capability & 1) != 0;
}
