using System.Diagnostics;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A file system with hardly any room.</summary>
internal static class SmallDisk
{
    /// <summary>Mounts one over a directory.</summary>
    /// <returns>Whether that is allowed here.</returns>
    public static bool TryMount(string directory) => Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory);

    public static void Unmount(string directory) => Run("umount", directory).ShouldBeTrue();

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
