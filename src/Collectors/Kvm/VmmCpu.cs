using System.Text;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm;

/// <summary>CPU time of a VMM's process, or of one thread of it, to 10 ms. Reads without allocating.</summary>
/// <param name="directory">Its directory in procfs: <c>/proc/PID</c>, <c>/proc/PID/task/TID</c>.</param>
internal sealed class VmmCpu(string directory)
{
    /// <summary>A stat line has 52 fields of at most 20 digits, and a name.</summary>
    private const int MaxStat = 1200;

    private readonly byte[] path = Encoding.UTF8.GetBytes($"{directory}/stat\0");
    private readonly byte[] buffer = new byte[MaxStat];

    /// <summary>As of the last time it was there.</summary>
    public CpuTicks Ticks { get; private set; }

    /// <summary>CPU time, seconds; never decreases.</summary>
    public double Seconds { get; private set; }

    /// <summary>Reads it anew; what is gone keeps what it had.</summary>
    public void Refresh()
    {
        var length = KernelFile.Read(path, buffer);
        if (length <= 0 || CpuTicks.Parse(buffer.AsSpan(0, length)) is not { } ticks)
            return;
        Ticks = ticks;
        Seconds = Math.Max(Seconds, ticks.Total);
    }
}
