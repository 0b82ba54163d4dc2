namespace Observe.Agent.Live.Recent;

/// <summary>What something happened to: a lane of the timeline, and where it is a workload also a row of the ledger.</summary>
/// <param name="Kind">What it is: a <c>workload_kind</c>, or <c>vcenter.vm</c>, <c>vcenter.host</c>, <c>vcenter</c>, <c>host</c>.</param>
/// <param name="Id">Tells it from others of its kind.</param>
/// <param name="Name">For people. Whoever owns the workload chose it: anything may stand in it.</param>
public sealed record LiveSubject(string Kind, string Id, string Name)
{
    /// <summary>Tells it from all others.</summary>
    public string Key => $"{Kind}/{Id}";
}
