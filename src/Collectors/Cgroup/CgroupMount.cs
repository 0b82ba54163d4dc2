namespace Observe.Collectors.Cgroup;

/// <summary>One mount of a cgroup hierarchy, from a line of <c>/proc/self/mountinfo</c>.</summary>
/// <param name="Directory">Where it is mounted.</param>
/// <param name="Root">Which cgroup is mounted there: <c>/</c>, or a path beneath it for a bind mount of a part.</param>
/// <param name="IsUnified">Whether it is v2.</param>
/// <param name="Controllers">v1: its controllers, among other options; v2: empty.</param>
/// <param name="NamespaceDepth">How many levels beneath <paramref name="Root"/> the cgroup namespace begins that this process is in; 0 for the host's.</param>
internal sealed record CgroupMount(string Directory, string Root, bool IsUnified, IReadOnlyList<string> Controllers, int NamespaceDepth = 0)
{
    /// <summary>Reads the mounts of cgroup hierarchies from the text of mountinfo (proc_pid_mountinfo(5)); lines that make no sense are passed over.</summary>
    internal static List<CgroupMount> Parse(string mountInfo)
    {
        var mounts = new List<CgroupMount>();
        foreach (var line in mountInfo.Split('\n'))
        {
            // 36 35 98:0 /root /mount-point options [optional fields] - type source super-options
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0)
                continue;
            var before = line[..separator].Split(' ');
            var after = line[(separator + 3)..].Split(' ');
            if (before.Length < 5 || after[0] is not ("cgroup" or "cgroup2"))
                continue;
            var root = Unescape(before[3]);
            var depth = LevelsBeneath(root);
            mounts.Add(new CgroupMount(
                Unescape(before[4]), depth > 0 ? "/" : root, after[0] == "cgroup2", after[0] == "cgroup2" || after.Length < 3 ? [] : after[2].Split(','), depth));
        }
        return mounts;
    }

    /// <summary>The directory of a cgroup; null if this mount does not show it.</summary>
    internal string? DirectoryOf(string path)
    {
        var relative = path.Trim('/');
        var root = Root.Trim('/');
        if (root.Length > 0)
        {
            if (!relative.StartsWith(root, StringComparison.Ordinal) || (relative.Length > root.Length && relative[root.Length] != '/'))
                return null;
            relative = relative[root.Length..].TrimStart('/');
        }
        return relative.Length == 0 ? Directory : $"{Directory}/{relative}";
    }

    // In a cgroup namespace of its own, as every unprivileged pod has on cgroup v2, a process is shown the host's root as /.. once for each
    // level that lies between (cgroup_namespaces(7)). That it is the very root, the files in it tell: CgroupLayout.Probe.IsNamespaced.
    private static int LevelsBeneath(string root)
    {
        var levels = root.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return levels.All(each => each == "..") ? levels.Length : 0;
    }

    // Space, tab, newline and backslash stand as three octal digits.
    private static string Unescape(string text) => !text.Contains('\\')
        ? text
        : text.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\012", "\n").Replace("\\134", "\\");
}
