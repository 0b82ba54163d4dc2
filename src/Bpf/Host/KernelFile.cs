using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>
/// Small files that the kernel makes up when they are read (procfs, sysfs, debugfs), read without allocating. Nothing
/// stays open: an open file may keep alive what it tells about.
/// </summary>
public static unsafe class KernelFile
{
    private const int ReadOnlyCloseOnExec = 0x80000; // O_RDONLY | O_CLOEXEC, the same on x86-64 and arm64

    /// <summary>Reads a file from its beginning.</summary>
    /// <param name="path">Its path in UTF-8, ending with NUL.</param>
    /// <param name="into">Where to; what does not fit is left.</param>
    /// <returns>Bytes read, or the negative Linux error number.</returns>
    public static int Read(ReadOnlySpan<byte> path, Span<byte> into)
    {
        RequireNul(path);
        fixed (byte* start = path)
        {
            var fd = LibC.open(start, ReadOnlyCloseOnExec);
            if (fd < 0)
                return -Marshal.GetLastPInvokeError();
            // Not pread(2): debugfs opens KVM's files without a position (nonseekable_open, by simple_attr_open in fs/libfs.c).
            int length;
            fixed (byte* buffer = into)
                length = Length(LibC.read(fd, buffer, (nuint)into.Length));
            _ = LibC.close(fd);
            return length;
        }
    }

    /// <summary>What a symbolic link points to.</summary>
    /// <param name="path">Its path in UTF-8, ending with NUL.</param>
    /// <param name="into">Where to; what does not fit is left.</param>
    /// <returns>Bytes of the target, or the negative Linux error number.</returns>
    public static int ReadLink(ReadOnlySpan<byte> path, Span<byte> into)
    {
        RequireNul(path);
        fixed (byte* start = path, buffer = into)
            return Length(LibC.readlink(start, buffer, (nuint)into.Length));
    }

    /// <summary>The number by which a file or directory is known in its file system; of a cgroup's directory, the cgroup's id.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Null if it is not there, or cannot be reached.</returns>
    public static ulong? Inode(string path)
    {
        const int WorkingDirectory = -100; // AT_FDCWD
        const uint WantInode = 0x100; // STATX_INO
        const int InodeOffset = 32; // of stx_ino in struct statx (include/uapi/linux/stat.h), 256 bytes on every architecture
        Span<byte> stat = stackalloc byte[256];
        fixed (byte* buffer = stat)
            return LibC.statx(WorkingDirectory, path, 0, WantInode, buffer) == 0 ? MemoryMarshal.Read<ulong>(stat[InodeOffset..]) : null;
    }

    /// <summary>A Linux error number in words: <c>EPERM (Operation not permitted)</c>.</summary>
    /// <param name="errno">The number; its sign does not matter.</param>
    public static string DescribeError(int errno) => $"{Errno.NameOf(Math.Abs(errno))} ({Errno.Describe(Math.Abs(errno))})";

    internal static int ReadAt(int fd, Span<byte> into, long offset)
    {
        fixed (byte* buffer = into)
            return Length(LibC.pread(fd, buffer, (nuint)into.Length, offset));
    }

    private static int Length(nint result) => result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;

    private static void RequireNul(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[^1] != 0)
            throw new ArgumentException("the path must end with NUL", nameof(path));
    }
}
