namespace Observe.Collectors.Guest;

/// <summary>What is beneath this host.</summary>
/// <param name="Hypervisor">Its name, one of <see cref="HypervisorNames"/>.</param>
/// <param name="Source">Where that was read.</param>
/// <param name="Steal">Whether stolen time means something.</param>
/// <param name="StealDetail">Why.</param>
/// <param name="StealRemedy">What to do about it; null if nothing is wrong or nothing can be done.</param>
public sealed record GuestFacts(string Hypervisor, string Source, StealTrust Steal, string StealDetail, string? StealRemedy = null)
{
    /// <summary>Whether this host is itself a guest.</summary>
    public bool IsGuest => Hypervisor != HypervisorNames.None;

    /// <summary>The label <c>steal</c>.</summary>
    public string StealLabel => Steal switch
    {
        StealTrust.Known => "known",
        StealTrust.Unknown => "unknown",
        _ => "none",
    };

    /// <summary>Two rows: the hypervisor, and its steal clock.</summary>
    public IReadOnlyList<ComponentStatus> Rows =>
    [
        new("hypervisor", StatusLevel.Ok, $"{Hypervisor}, by {Source}"),
        new("steal clock", Steal == StealTrust.Known ? StatusLevel.Ok : StatusLevel.Absent, StealDetail, StealRemedy),
    ];
}
