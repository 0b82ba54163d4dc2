using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Does the kernel describe its own types? Programs compiled elsewhere find their fields through that.</summary>
/// <param name="paths">Where to look.</param>
public sealed class BtfProbe(HostPaths paths) : IProbe
{
    /// <summary>First two bytes of BTF data in the byte order of the machine.</summary>
    private const ushort Magic = 0xEB9F;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Look()]);

    private ComponentStatus Look()
    {
        const string Component = "BTF";
        const string Remedy = "run a kernel built with CONFIG_DEBUG_INFO_BTF=y, as all major distributions' are";
        var path = Path.Combine(paths.Sys, "kernel/btf/vmlinux");
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[2];
            file.ReadExactly(start);
            return BitConverter.ToUInt16(start) == Magic
                ? new(Component, StatusLevel.Ok, path)
                : new(Component, StatusLevel.Failed, $"{path} does not hold BTF data", Remedy);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(Component, StatusLevel.Failed, $"{path} is missing: BPF programs cannot be fitted to this kernel", Remedy);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(Component, StatusLevel.Failed, $"cannot read {path}: {error.Message}", "make it readable for the agent; in a container, mount the host's /sys");
        }
    }
}
