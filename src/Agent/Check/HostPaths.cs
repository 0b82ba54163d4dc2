namespace Observe.Agent.Check;

/// <summary>Where the kernel shows itself; another tree in tests.</summary>
public sealed record HostPaths
{
    /// <summary>The process file system.</summary>
    public string Proc { get; init; } = "/proc";

    /// <summary>The system file system.</summary>
    public string Sys { get; init; } = "/sys";

    /// <summary>The directory of the host's own settings, <c>machine-id</c> among them.</summary>
    public string Etc { get; init; } = "/etc";

    /// <summary>Release of the kernel, as <c>uname -r</c> prints it; empty if it cannot be read.</summary>
    public string KernelRelease => FirstLine(Path.Combine(Proc, "sys/kernel/osrelease")) ?? "";

    /// <summary>First line of a file, without the blanks around it; null if it cannot be read.</summary>
    /// <param name="path">The file.</param>
    public static string? FirstLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
