using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>The names in a directory, as they are on the disk.</summary>
public static class DirectoryEntries
{
    /// <summary>Waits until what was created, renamed and removed in a directory is on the disk: a rename alone is not, after a power failure (fsync(2)).</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="IOException">It cannot be opened or written.</exception>
    public static void Flush(string path)
    {
        var fd = LibC.open(path, LibC.OpenReadCloseOnExec);
        if (fd < 0)
            throw Failed("open", path);
        try
        {
            if (LibC.fsync(fd) != 0)
                throw Failed("flush", path);
        }
        finally
        {
            _ = LibC.close(fd);
        }
    }

    private static IOException Failed(string what, string path) =>
        new($"cannot {what} the directory {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
