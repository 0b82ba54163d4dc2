namespace Observe.Collectors.Migrations;

/// <summary>What is known about migrations of this machine: who finds out writes it here, and who tells of it reads it. Thread-safe.</summary>
public sealed class MigrationWatch
{
    private volatile bool seesBlackouts;

    /// <summary>Whether somebody looks for blackouts: else that none was seen means nothing.</summary>
    internal bool SeesBlackouts
    {
        get => seesBlackouts;
        set => seesBlackouts = value;
    }

    /// <summary>How the host's threads waited of late.</summary>
    internal WaitWindows Waits { get; } = new();

    /// <summary>What became of migrations.</summary>
    internal MigrationTally Tally { get; } = new();
}
