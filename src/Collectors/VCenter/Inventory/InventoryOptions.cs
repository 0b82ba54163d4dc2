namespace Observe.Collectors.VCenter.Inventory;

/// <summary>How an inventory is followed.</summary>
internal sealed record InventoryOptions
{
    /// <summary>Objects that may be known, folders included; those beyond are counted as lost.</summary>
    public int MaxObjects { get; init; } = 50_000;

    /// <summary>Of what things are and where.</summary>
    public FollowTimings Structure { get; init; } = new();

    /// <summary>
    /// Of what is used. Servers refresh these numbers about every 20 s for every VM; at this pace one value of three is fetched. Their
    /// documentation does not promise to push them: what was not pushed is as of the last renewal.
    /// </summary>
    public FollowTimings Usage { get; init; } = new() { MaxWait = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromSeconds(60), RenewAfter = TimeSpan.FromMinutes(5) };

    /// <summary>How long what was told last is exported while the server is away.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromMinutes(5);
}
