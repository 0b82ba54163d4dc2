using System.Globalization;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Kvm;

internal sealed partial record VmProcess
{
    /// <summary>Most of a command line that is read, in bytes: the kernel's longest single argument (MAX_ARG_STRLEN). QEMU's by libvirt is about 10 KiB.</summary>
    private const int MaxCommandLine = 128 * 1024;

    /// <summary>Most words of a command line; the rest is one word. QEMU with a hundred devices has some hundreds.</summary>
    private const int MaxArguments = 4096;

    /// <summary>Room for a thread's name (TASK_COMM_LEN, 16), with a newline.</summary>
    private const int MaxComm = 64;

    /// <summary>
    /// Reads who the machine is from <c>/proc</c>. The command line stands in the process's memory: where that hangs in a page fault, so does
    /// the reader. Not to be called under a lock.
    /// </summary>
    /// <param name="procRoot">Where procfs is mounted: <c>/proc</c>.</param>
    /// <param name="pid">The process, as that procfs numbers it.</param>
    /// <returns>Null if there is no such process, or it went away meanwhile.</returns>
    internal static VmProcess? Read(string procRoot, int pid)
    {
        var directory = string.Create(CultureInfo.InvariantCulture, $"{procRoot}/{pid}");
        return ReadComm(directory) is { } comm && ProcessText.Read($"{directory}/cmdline", MaxCommandLine) is { } line
            ? Parse(pid, comm, Split(line))
            : null;
    }

    private static string? ReadComm(string directory) => ProcessText.Read($"{directory}/comm", MaxComm)?.TrimEnd('\n');

    // Every word ends in a NUL; the command line of a zombie is empty.
    private static string[] Split(string line) => line.Length == 0 ? [] : line.TrimEnd('\0').Split('\0', MaxArguments);
}
