using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Observe.Collectors.Cgroup;

/// <summary>
/// Reads small files of cgroups again and again: one <c>pread</c> into one buffer each, 0.8 to 3 us, against 10 us more for opening and closing. The number of
/// files kept open is bounded; those beyond it are opened for each reading. There is no eviction: files are read in turns, and
/// of files read in turns the least recently used is the one needed next. Used by one thread.
/// </summary>
/// <param name="maxOpen">Most files kept open.</param>
internal sealed class CgroupFileReader(int maxOpen)
{
    /// <summary>The agent takes at most this part of the descriptors it may have.</summary>
    private const int LimitDivisor = 4;

    /// <summary>Most files kept open even if many more are allowed: an open one costs the kernel about 5 KiB.</summary>
    private const int OpenCeiling = 16384;

    // errno values by which the kernel says what became of a file (asm-generic/errno.h); .NET hands them out as HResult.
    private const int ENODEV = 19;
    private const int EOPNOTSUPP = 95;

    /// <summary>Room for the longest file read, cpu.stat of v2, several times over.</summary>
    private readonly byte[] buffer = new byte[4096];

    private int failures;
    private string? firstFailure;

    /// <summary>Files kept open now.</summary>
    internal int OpenCount { get; private set; }

    /// <summary>Most files kept open.</summary>
    internal int MaxOpen { get; } = maxOpen;

    /// <summary>Readings so far that had to open and close the file, because too many were open.</summary>
    internal long TransientOpens { get; private set; }

    /// <summary>A quarter of RLIMIT_NOFILE, within bounds.</summary>
    internal static int DefaultMaxOpen()
    {
        const string row = "Max open files";
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(each => each.StartsWith(row, StringComparison.Ordinal));
        var soft = line?[row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft is not null && long.TryParse(soft, CultureInfo.InvariantCulture, out var limit)
            ? (int)Math.Min(limit / LimitDivisor, OpenCeiling)
            : OpenCeiling;
    }

    /// <summary>Starts a new count of failures.</summary>
    internal void BeginCollection()
    {
        failures = 0;
        firstFailure = null;
    }

    /// <summary>How the readings since <see cref="BeginCollection"/> went.</summary>
    internal CollectResult Result => failures == 0
        ? CollectResult.Ok
        : CollectResult.Failed($"{failures} cgroup files could not be read, the first: {firstFailure}; run the agent as root or with CAP_DAC_READ_SEARCH, and with a higher LimitNOFILE if too many files are open");

    /// <summary>Reads a file from its beginning.</summary>
    /// <param name="file">Which; opened at need.</param>
    /// <param name="text">What it says; valid until the next reading.</param>
    internal CgroupRead Read(ref CgroupFile file, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (file.IsClosed)
            return CgroupRead.Absent;
        if (file.Handle is { } open)
            return ReadHandle(ref file, open, out text);
        var result = Open(ref file, out var handle);
        if (handle is null)
            return result;
        if (OpenCount < MaxOpen)
        {
            OpenCount++;
            file.Handle = handle;
            return ReadHandle(ref file, handle, out text);
        }
        TransientOpens++;
        using (handle)
            return ReadHandle(ref file, handle, out text);
    }

    /// <summary>Gives up a file for good.</summary>
    /// <param name="file">Which.</param>
    internal void Close(ref CgroupFile file)
    {
        file.IsClosed = true;
        if (file.Handle is null)
            return;
        file.Handle.Dispose();
        file.Handle = null;
        OpenCount--;
    }

    private CgroupRead Open(ref CgroupFile file, out SafeFileHandle? handle)
    {
        handle = null;
        // Asked for beforehand because files that are not there are common, and an exception costs as much as twenty readings.
        if (!File.Exists(file.Path))
            return CgroupRead.Absent;
        try
        {
            handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return CgroupRead.Ok;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return CgroupRead.Absent;
        }
        catch (IOException e) when (e.HResult is ENODEV or EOPNOTSUPP)
        {
            return CgroupRead.Absent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(e);
        }
    }

    private CgroupRead ReadHandle(ref CgroupFile file, SafeFileHandle handle, out ReadOnlySpan<byte> text)
    {
        text = default;
        try
        {
            text = buffer.AsSpan(0, RandomAccess.Read(handle, buffer, fileOffset: 0));
            return CgroupRead.Ok;
        }
        catch (IOException e) when (e.HResult == ENODEV)
        {
            Close(ref file);
            return CgroupRead.Gone;
        }
        catch (IOException e) when (e.HResult == EOPNOTSUPP)
        {
            Close(ref file);
            return CgroupRead.Absent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(e, file.Path);
        }
    }

    private CgroupRead Fail(Exception cause, string? path = null)
    {
        failures++;
        firstFailure ??= path is null ? cause.Message : $"{path}: {cause.Message}";
        return CgroupRead.Failed;
    }
}
