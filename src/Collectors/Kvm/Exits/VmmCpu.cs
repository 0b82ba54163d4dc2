using System.Buffers.Text;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>
/// CPU time of a VMM's process, all its threads, those that have ended included: fields 14 and 15 of /proc/PID/stat
/// (proc_pid_stat(5)), to 10 ms. The guest's time is part of it.
/// </summary>
/// <param name="proc">Where procfs is mounted.</param>
/// <param name="pid">The process.</param>
internal sealed class VmmCpu(string proc, int pid)
{
    /// <summary>USER_HZ: what the kernel counts these fields in, on every architecture it runs on here.</summary>
    private const double TicksPerSecond = 100;

    private const int UserTime = 14;
    private readonly string path = $"{proc}/{pid}/stat";
    private readonly byte[] buffer = new byte[1024];

    /// <summary>Seconds, as of the last time the process was there.</summary>
    public double Seconds { get; private set; }

    /// <summary>Reads it anew; a process that is gone keeps what it had.</summary>
    public void Refresh()
    {
        try
        {
            using var file = File.OpenHandle(path);
            Seconds = Math.Max(Seconds, Parse(buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0))) ?? 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, or hidden.
        }
    }

    /// <summary>User and system time of a stat line, seconds; null if it is none.</summary>
    internal static double? Parse(ReadOnlySpan<byte> stat)
    {
        // The second field is a name in brackets that may hold anything, brackets too: count from the last one.
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..];
        var ticks = 0L;
        for (var field = 3; field <= UserTime + 1; field++)
        {
            rest = rest.TrimStart((byte)' ');
            if (field >= UserTime)
            {
                if (!Utf8Parser.TryParse(rest, out long value, out _))
                    return null;
                ticks += value;
            }
            var end = rest.IndexOf((byte)' ');
            if (end < 0)
                return null;
            rest = rest[end..];
        }
        return ticks / TicksPerSecond;
    }
}
