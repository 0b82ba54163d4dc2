using System.Globalization;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Cgroup;

/// <summary>
/// The cgroup namespace that this process is in, as an unprivileged container has one on cgroup v2. The kernel shows it every cgroup by the way from
/// the namespace's root, up by <c>/..</c> and down again (cgroup_namespaces(7)), which here becomes the path from the hierarchy's root.
/// </summary>
/// <param name="directory">Where the whole hierarchy is mounted.</param>
/// <param name="depth">How many levels beneath it the namespace begins.</param>
/// <param name="own">The cgroup of this process, as it is shown itself.</param>
/// <param name="pid">This process, as <c>cgroup.procs</c> has it.</param>
internal sealed class CgroupNamespace(string directory, int depth, string own, int pid)
{
    private const string Up = "..";

    // Names of what lies between the hierarchy's root and the namespace's. Found when first asked for: only one way in many turns back before the very root.
    private readonly Lazy<string[]?> beginning = new(() => Find(directory, depth, Levels(own), pid));

    /// <summary>The path from the hierarchy's root.</summary>
    /// <param name="shown">The way from the namespace's root.</param>
    /// <returns>Null if it leads above the hierarchy's root, or if where the namespace begins cannot be found.</returns>
    internal string? FromRoot(string shown)
    {
        var levels = Levels(shown);
        var up = levels.TakeWhile(each => each == Up).Count();
        if (up > depth)
            return null;
        var above = up == depth ? [] : beginning.Value;
        return above is null ? null : '/' + string.Join('/', above.Take(depth - up).Concat(levels[up..]));
    }

    private static string[] Levels(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    // The kernel tells no process where its namespace begins; but of all cgroups only one has this process in it.
    private static string[]? Find(string directory, int depth, string[] own, int pid)
    {
        if (own.Contains(Up))
            return null;
        IEnumerable<string> level = [directory];
        for (var i = 0; i < depth + own.Length; i++)
            level = level.SelectMany(Children);
        return level.FirstOrDefault(each => Holds(each, pid)) is { } found ? Levels(found[directory.Length..])[..depth] : null;
    }

    private static bool Holds(string directory, int pid) =>
        // As many as one cgroup can have and be a container: pages of digits, no more.
        ProcessText.Read($"{directory}/cgroup.procs", 1 << 20) is { } processes && processes.Split('\n').Contains(pid.ToString(CultureInfo.InvariantCulture));

    private static string[] Children(string directory)
    {
        try
        {
            return Directory.GetDirectories(directory);
        }
        // Gone meanwhile.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
