using Observe.Telemetry.Model;

namespace Observe.Collectors.Migrations;

/// <summary>What all threads of the host have waited so far. Counts wrap at 2^32: only differences mean anything.</summary>
internal sealed class WaitTotals
{
    /// <summary>Waits by cell of <see cref="ExponentialLayout"/>.</summary>
    public uint[] Waits { get; } = new uint[ExponentialLayout.Cells];

    /// <summary>The sum of those waits, ns.</summary>
    public long WaitSum { get; set; }

    /// <summary>Time that threads were on CPUs, ns.</summary>
    public long Running { get; set; }

    /// <summary>Starts from nothing.</summary>
    public void Clear()
    {
        Array.Clear(Waits);
        (WaitSum, Running) = (0, 0);
    }
}
