using System.Runtime.InteropServices;

namespace Observe.Bpf.Interop;

/// <summary>The C library calls that .NET does not offer. Failures are -1 (or <c>MAP_FAILED</c>) with errno.</summary>
internal static unsafe partial class LibC
{
    private const string Name = "libc";

    internal const int ProtRead = 1;
    internal const int ProtWrite = 2;
    internal const int MapShared = 1;
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

    [LibraryImport(Name)]
    internal static partial int close(int fd);
}
