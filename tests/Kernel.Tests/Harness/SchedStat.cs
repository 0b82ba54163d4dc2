using System.Globalization;

namespace Observe.Kernel.Tests.Harness;

/// <summary>The scheduler's own account of a process' threads, from /proc/PID/task/*/schedstat. Times in seconds.</summary>
/// <param name="Running">On a CPU; current as of the last tick.</param>
/// <param name="RunDelay">Runnable and not running, throttled included; waits that have ended.</param>
/// <param name="Arrivals">Times a thread was given a CPU.</param>
internal readonly record struct SchedStat(double Running, double RunDelay, long Arrivals)
{
    /// <summary>Adds up a process' threads.</summary>
    public static SchedStat Of(int pid)
    {
        var (running, delay, arrivals) = (0L, 0L, 0L);
        foreach (var task in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            var fields = File.ReadAllText($"{task}/schedstat").Split(' ');
            running += long.Parse(fields[0], CultureInfo.InvariantCulture);
            delay += long.Parse(fields[1], CultureInfo.InvariantCulture);
            arrivals += long.Parse(fields[2], CultureInfo.InvariantCulture);
        }
        return new SchedStat(running / 1e9, delay / 1e9, arrivals);
    }
}
