namespace Observe.Collectors.Identity;

/// <summary>
/// Reads who a cgroup is from its absolute path, for every runtime and driver in <c>docs/identity.md</c>. Pure: no I/O, never
/// throws, the same path always gives the same identity. The innermost container, pod or VM wins; systemd units count
/// only outside of those, because a unit inside a container belongs to the container.
/// </summary>
public static partial class CgroupPathParser
{
    /// <summary>Who the cgroup is.</summary>
    /// <param name="path">Path from the root of the hierarchy, as the kernel gives it: <c>/docker/4f5e...</c>.</param>
    public static WorkloadIdentity Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return WorkloadIdentity.From(path, Match(path));
    }

    /// <summary>Finds the identity without allocating.</summary>
    internal static CgroupMatch Match(ReadOnlySpan<char> path)
    {
        var match = default(CgroupMatch);
        var walk = default(Walk);
        for (var start = 0; start < path.Length;)
        {
            var length = path[start..].IndexOf('/');
            var end = length < 0 ? path.Length : start + length;
            if (end > start)
            {
                Visit(path, start..end, ref walk, ref match);
                walk.Parent = start..end;
            }
            start = end + 1;
        }
        return match;
    }

    private static void Visit(ReadOnlySpan<char> path, Range at, ref Walk walk, ref CgroupMatch match)
    {
        var component = path[at];
        var parent = path[walk.Parent];
        if (TryPod(component, parent, walk.InKubepods, out var pod))
            Enter(WorkloadKind.Pod, pod, at, ref walk, ref match);
        else if (TryMachine(component, parent, out var machine, out var isVm))
            Enter(isVm ? WorkloadKind.Vm : WorkloadKind.Container, machine, at, ref walk, ref match);
        else if (TryContainer(component, parent, out var container))
            Enter(WorkloadKind.Container, container, at, ref walk, ref match);
        else if (!match.Contained)
            VisitUnit(path, at, ref match);

        walk.InKubepods |= component.EndsWith("kubepods", StringComparison.Ordinal);
    }

    private static void Enter(WorkloadKind kind, in Found found, Range at, ref Walk walk, ref CgroupMatch match)
    {
        var offset = at.Start.Value;
        if (match.Kind == WorkloadKind.Container)
            match.OuterId = match.Id;
        if (!found.PodUid.Equals(default))
            match.PodUid = found.PodUid.Shift(offset);
        match.Kind = kind;
        match.Form = found.Form;
        match.Id = found.Id.Shift(offset);
        match.Runtime = found.Runtime;
        match.KeyLength = at.End.Value;
        match.Closed = true;
        // A kubelet inside this container has pods of its own.
        walk.InKubepods = false;
    }

    private static Range Shift(this Range range, int by) => (range.Start.Value + by)..(range.End.Value + by);

    private struct Walk
    {
        internal Range Parent;
        internal bool InKubepods;
    }

    /// <summary>What one component of the path says; ranges are relative to the component.</summary>
    private readonly record struct Found(CgroupForm Form, Range Id, string? Runtime, Range PodUid = default);
}
