namespace Observe.Collectors.Cgroup;

/// <summary>Reads <c>/proc/PID/cgroup</c> (cgroups(7)): lines of number, controllers and path, one a hierarchy.</summary>
internal static class ProcessCgroups
{
    /// <summary>Most bytes of the file: some fifteen hierarchies, with paths of 200 bytes.</summary>
    internal const int MaxBytes = 8192;

    /// <summary>The path of a process in a hierarchy, as the kernel shows it to this process: <see cref="CgroupLayout.FromRoot"/>.</summary>
    /// <param name="text">The file.</param>
    /// <param name="legacy">The v1 cpu hierarchy rather than v2.</param>
    /// <returns>Null if the file has no such line.</returns>
    internal static string? PathIn(string text, bool legacy)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(':', 3) is [_, var controllers, var path] && (legacy ? controllers.Split(',').Contains("cpu") : controllers.Length == 0))
                return path;
        }
        return null;
    }
}
