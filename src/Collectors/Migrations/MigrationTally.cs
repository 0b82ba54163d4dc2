namespace Observe.Collectors.Migrations;

/// <summary>Migrations of this machine so far. Thread-safe.</summary>
internal sealed class MigrationTally
{
    private readonly Lock gate = new();
    private readonly long[] outcomes = new long[Enum.GetValues<RecoveryOutcome>().Length];
    private double? interruption;
    private double? recovery;
    private double interrupted;

    /// <summary>What there is to export.</summary>
    /// <returns>Migrations by what became of the waits; the last one's interruption and recovery, s, null if there was none or it is not known; all interruptions together, s.</returns>
    public (long[] Outcomes, double? Interruption, double? Recovery, double Interrupted) Read()
    {
        lock (gate)
            return ([.. outcomes], interruption, recovery, interrupted);
    }

    /// <summary>One is over.</summary>
    /// <param name="seconds">How long this machine stood still in it.</param>
    public void Interrupted(double seconds)
    {
        lock (gate)
        {
            interruption = seconds;
            interrupted += seconds;
        }
    }

    /// <summary>What became of one is decided.</summary>
    /// <param name="outcome">What.</param>
    /// <param name="seconds">How long the waits took to be what they were before.</param>
    public void Decided(RecoveryOutcome outcome, double seconds)
    {
        lock (gate)
        {
            outcomes[(int)outcome]++;
            recovery = outcome == RecoveryOutcome.Recovered ? seconds : null;
        }
    }
}
