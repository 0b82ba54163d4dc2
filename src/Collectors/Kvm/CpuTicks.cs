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

    private const int FirstNumber = 4; // the second is a name, the third a letter
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
        // The name is in brackets and may hold anything, brackets too: count from the last one, and the letter behind it.
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        Span<ulong> fields = stackalloc ulong[GuestField + 1];
        fields.Clear();
        var field = FirstNumber;
        for (rest = rest.IsEmpty ? rest : rest[1..]; field <= GuestField; field++)
        {
            rest = rest.TrimStart((byte)' ');
            // A few fields may be negative, none of those that are looked for.
            if (rest is [(byte)'-', ..])
                rest = rest[1..];
            if (!Utf8Parser.TryParse(rest, out fields[field], out var digits))
                break;
            rest = rest[digits..];
        }
        return field > StartField
            ? new CpuTicks(fields[UserField] / TicksPerSecond, fields[SystemField] / TicksPerSecond, fields[StartField] / TicksPerSecond, fields[GuestField] / TicksPerSecond)
            : null;
    }
}
