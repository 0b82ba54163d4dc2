using System.Runtime.InteropServices;
using Observe.Bpf.Host;

namespace Observe.Bpf.Interop;

/// <summary>The C library calls that .NET does not offer. Failures are -1 (or <c>MAP_FAILED</c>) with errno.</summary>
internal static unsafe partial class LibC
{
    private const string Name = "libc";

    internal const int ProtRead = 1;
    internal const int ProtWrite = 2;
    internal const int MapShared = 1;

    /// <summary>Memory without a file (asm-generic/mman-common.h).</summary>
    internal const int MapAnonymous = 0x20;

    /// <summary>For reading and writing, and not for programs started later (asm-generic/fcntl.h; the same on x86-64 and arm64).</summary>
    internal const int OpenReadWriteCloseOnExec = 2 | 0x80000;

    /// <summary>For reading, and not for programs started later.</summary>
    internal const int OpenReadCloseOnExec = 0x80000;

    internal const nint MapFailed = -1;

    /// <summary>Formats into memory it allocates; the length, or -1. <paramref name="arguments"/> is a va_list.</summary>
    [LibraryImport(Name)]
    internal static partial int vasprintf(byte** text, byte* format, nint arguments);

    [LibraryImport(Name)]
    internal static partial void free(void* memory);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int munmap(nint address, nuint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(int fd, void* buffer, nuint count);

    /// <summary>Reads at an offset; the descriptor's own position stays where it is.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint pread(int fd, void* buffer, nuint count, long offset);

    /// <summary>Opens an existing file; <paramref name="path"/> ends with NUL.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int open(byte* path, int flags);

    /// <summary>The target of a symbolic link, without a NUL and cut off at the buffer's end.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint readlink(byte* path, byte* buffer, nuint size);

    /// <summary>A system call that the oldest supported C library has no function for.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint syscall(nint number, nint argument1, nint argument2, nint argument3);

    [LibraryImport(Name)]
    internal static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fsync(int fd);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int directory, string path, int flags, uint mask, byte* stat);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int clock_gettime(int clock, HostClock.Timespec* time);

    /// <summary>Returns the error number itself, positive.</summary>
    [LibraryImport(Name)]
    internal static partial int clock_nanosleep(int clock, int flags, HostClock.Timespec* request, HostClock.Timespec* remain);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getrusage(int who, ThreadTurns.Usage* usage);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int adjtimex(HostClock.Timex* state);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int timerfd_create(int clock, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int timerfd_settime(int fd, int flags, HostClock.Timespec* setting, HostClock.Timespec* before);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, nint argument);

    /// <summary>Sets the calling thread's capabilities (capset(2), version 3: a header and two data structs).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int capset(uint* header, uint* data);

    /// <summary>Reads a thread's capabilities, in the same form.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int capget(uint* header, uint* data);

    /// <summary>Binds the calling thread to one CPU; 0, or -1 where the CPU is gone or not allowed.</summary>
    internal static int RunOn(int cpu)
    {
        var mask = stackalloc ulong[CpuMaskWords];
        new Span<ulong>(mask, CpuMaskWords).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        return sched_setaffinity(0, CpuMaskWords * sizeof(ulong), mask);
    }

    /// <summary>The kernel knows at most 8192 CPUs (CONFIG_NR_CPUS).</summary>
    private const int CpuMaskWords = 8192 / 64;

    [LibraryImport(Name, SetLastError = true)]
    private static partial int sched_setaffinity(int thread, nuint bytes, ulong* mask);
}
