using Observe.Collectors;
using Observe.Collectors.Cgroup;

namespace Observe.Agent.Check;

/// <summary>How are the host's cgroups laid out, and do we see the host's? What the agent itself says of them.</summary>
/// <param name="root">Where they are mounted.</param>
/// <param name="paths">Where to look for how.</param>
public sealed class CgroupProbe(string root, HostPaths paths) : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Remark(CgroupLayout.Detect(root).Status)]);

    // Many containers have it so, and many tools need more.
    private ComponentStatus Remark(ComponentStatus found) =>
        found.Level == StatusLevel.Ok && IsReadOnly() ? found with { Detail = found.Detail + "; read-only, which is enough" } : found;

    private bool IsReadOnly()
    {
        try
        {
            // 36 35 98:0 /root /mount-point options ...; the last one at a place is the one that shows.
            var options = File.ReadLines(Path.Combine(paths.Proc, "self/mountinfo")).Select(each => each.Split(' '))
                .LastOrDefault(each => each.Length > 5 && each[4] == root)?[5];
            return options?.Split(',').Contains("ro") ?? false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
