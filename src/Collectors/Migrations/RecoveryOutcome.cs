namespace Observe.Collectors.Migrations;

/// <summary>What became of the waits after a migration.</summary>
internal enum RecoveryOutcome
{
    /// <summary>They are what they were before.</summary>
    Recovered,

    /// <summary>They were not within five minutes.</summary>
    Unrecovered,

    /// <summary>Too little is known of what they were before, or of what they are.</summary>
    Unknown,
}
