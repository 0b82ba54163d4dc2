using System.Buffers.Text;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>A file that another process has open, for a moment: dispose of it at once, it keeps alive what it stands for.</summary>
public readonly ref struct BorrowedFile : IDisposable
{
    private readonly int fd;

    internal BorrowedFile(int fd) => this.fd = fd;

    /// <summary>Whether there is one.</summary>
    public bool IsOpen => fd >= 0;

    /// <summary>The positive Linux error number for which there is none, else 0.</summary>
    public int Error => fd < 0 ? -fd : 0;

    /// <summary>Reads at an offset; the other process' position in the file stays where it is.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="offset">From where, bytes.</param>
    /// <returns>Bytes read, or the negative Linux error number.</returns>
    public int Read(Span<byte> into, long offset) => IsOpen ? KernelFile.ReadAt(fd, into, offset) : fd;

    /// <summary>What the kernel calls it: a path, or <c>anon_inode:NAME</c>.</summary>
    /// <param name="into">Where to; what does not fit is left.</param>
    /// <returns>Bytes of the name, or the negative Linux error number.</returns>
    public int ReadName(Span<byte> into)
    {
        var prefix = "/proc/self/fd/"u8;
        Span<byte> path = stackalloc byte[32];
        prefix.CopyTo(path);
        Utf8Formatter.TryFormat(fd, path[prefix.Length..], out var digits);
        path[prefix.Length + digits] = 0;
        return IsOpen ? KernelFile.ReadLink(path[..(prefix.Length + digits + 1)], into) : fd;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (IsOpen)
            _ = LibC.close(fd);
    }
}
