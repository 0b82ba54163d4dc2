using Microsoft.Win32.SafeHandles;

namespace Observe.Collectors.Cgroup;

/// <summary>One file of one cgroup: open between collections where the budget of descriptors allows it.</summary>
/// <param name="directory">The cgroup's directory; null if no mount shows it.</param>
/// <param name="name">The file's name in it.</param>
internal struct CgroupFile(string? directory, string name)
{
    private string? path;

    /// <summary>The open file; null before the first reading, and where the budget is used up.</summary>
    internal SafeFileHandle? Handle { get; set; }

    /// <summary>Whether there is nothing to be read any more, ever: the cgroup is gone, or was never to be seen.</summary>
    internal bool IsClosed { get; set; } = directory is null;

    /// <summary>The file's name, for reports and for opening it.</summary>
    internal string Path => path ??= $"{directory}/{name}";
}
