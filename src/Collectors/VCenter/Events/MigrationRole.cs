namespace Observe.Collectors.VCenter.Events;

/// <summary>What an event is to a migration.</summary>
internal enum MigrationRole
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It begins with it.</summary>
    Begin,

    /// <summary>It ends with it, as meant.</summary>
    Success,

    /// <summary>It ends with it, otherwise.</summary>
    Failure,
}
