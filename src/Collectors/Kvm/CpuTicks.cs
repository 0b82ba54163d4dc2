using System.Buffers.Text;

namespace Observe.Collectors.Kvm;

/// <summary>
/// CPU time in a stat line of procfs (proc_pid_stat(5)), in the kernel's ticks of 10 ms. Of a process it is that of all its
/// threads, those that have ended included.
/// </summary>
/// <param name="User">Seconds in user space, the guest's included (field 14).</param>
/// <param name="System">Seconds in the kernel (field 15).</param>
/// <param name="SinceBoot">When it began, seconds since the machine was booted (field 22).</param>
/// <param name="Guest">Seconds in a guest (field 43); 0 where the kernel does not say.</param>
internal readonly record struct CpuTicks(double User, double System, double SinceBoot, double Guest)
{
    /// <summary>USER_HZ: what the kernel counts these fields in, on every architecture it runs on here.</summary>
    private const double TicksPerSecond = 100;

    private const int UserField = 14;
    private const int SystemField = 15;
    private const int StartField = 22;
    private const int GuestField = 43;

    /// <summary>All of it, seconds.</summary>
    public double Total => User + System;

    /// <summary>Reads a stat line.</summary>
    /// <param name="stat">Its text.</param>
    /// <returns>Null if it is none.</returns>
    public static CpuTicks? Parse(ReadOnlySpan<byte> stat)
    {
        // The second field is a name in brackets that may hold anything, brackets too: count from the last one.
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..];
        long user = 0, system = 0, start = 0, guest = 0;
        for (var field = 3; field <= GuestField; field++)
        {
            rest = rest.TrimStart((byte)' ');
            if (field is UserField or SystemField or StartField or GuestField)
            {
                if (!Utf8Parser.TryParse(rest, out long value, out _))
                    return field == GuestField ? Of(user, system, start, 0) : null;
                switch (field)
                {
                    case UserField:
                        user = value;
                        break;
                    case SystemField:
                        system = value;
                        break;
                    case StartField:
                        start = value;
                        break;
                    default:
                        guest = value;
                        break;
                }
            }
            var end = rest.IndexOf((byte)' ');
            if (end < 0)
                return field > StartField ? Of(user, system, start, 0) : null;
            rest = rest[end..];
        }
        return Of(user, system, start, guest);
    }

    private static CpuTicks Of(long user, long system, long start, long guest) =>
        new(user / TicksPerSecond, system / TicksPerSecond, start / TicksPerSecond, guest / TicksPerSecond);
}
