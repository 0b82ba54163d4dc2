using System.Runtime.InteropServices;

namespace Observe.Bpf.Interop;

/// <summary>Linux error numbers by name (asm-generic/errno*.h; the same on x86-64 and arm64).</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int E2BIG = 7;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENODEV = 19;
    internal const int EINVAL = 22;
    internal const int ENOSPC = 28;
    internal const int ENOSYS = 38;
    internal const int EOPNOTSUPP = 95;
    internal const int ETIMEDOUT = 110;

    /// <summary>Internal to the kernel, yet bpf(2) lets it out.</summary>
    internal const int ENOTSUPP = 524;

    internal static string NameOf(int errno) => errno switch
    {
        EPERM => "EPERM",
        ENOENT => "ENOENT",
        ESRCH => "ESRCH",
        EINTR => "EINTR",
        5 => "EIO",
        6 => "ENXIO",
        E2BIG => "E2BIG",
        8 => "ENOEXEC",
        EBADF => "EBADF",
        EAGAIN => "EAGAIN",
        ENOMEM => "ENOMEM",
        EACCES => "EACCES",
        14 => "EFAULT",
        EBUSY => "EBUSY",
        EEXIST => "EEXIST",
        ENODEV => "ENODEV",
        20 => "ENOTDIR",
        21 => "EISDIR",
        EINVAL => "EINVAL",
        23 => "ENFILE",
        24 => "EMFILE",
        27 => "EFBIG",
        ENOSPC => "ENOSPC",
        29 => "ESPIPE",
        30 => "EROFS",
        34 => "ERANGE",
        36 => "ENAMETOOLONG",
        ENOSYS => "ENOSYS",
        61 => "ENODATA",
        71 => "EPROTO",
        75 => "EOVERFLOW",
        84 => "EILSEQ",
        EOPNOTSUPP => "EOPNOTSUPP",
        110 => "ETIMEDOUT",
        ENOTSUPP => "ENOTSUPP",
        // libbpf's own numbers (enum libbpf_errno in libbpf.h).
        4000 => "LIBBPF_ERRNO__LIBELF",
        4001 => "LIBBPF_ERRNO__FORMAT",
        4003 => "LIBBPF_ERRNO__ENDIAN",
        4005 => "LIBBPF_ERRNO__RELOC",
        >= 4000 and < 4014 => $"LIBBPF_ERRNO {errno}",
        _ => $"errno {errno}",
    };

    /// <summary>What the C library says of it: "No such file or directory".</summary>
    internal static string Describe(int errno) => errno switch
    {
        ENOTSUPP => "not supported by this kernel",
        4000 => "libelf cannot read it",
        4001 => "not a valid BPF object: broken or truncated ELF",
        4003 => "the object was compiled for the other byte order",
        4005 => "relocation failed",
        >= 4000 and < 4014 => "failed inside libbpf",
        _ => Marshal.GetPInvokeErrorMessage(errno),
    };
}
