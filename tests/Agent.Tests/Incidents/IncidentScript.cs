using Observe.Agent.Tests.Incidents.Acts;

namespace Observe.Agent.Tests.Incidents;

/// <summary>
/// The incident: a container that uses up its quota; another that a third one, heavier and on the same CPU, keeps waiting; while both go on, this host's
/// virtual machine is moved by DRS, and something in it stands still meanwhile; and a container that runs out of memory again and again. Some 25 s.
/// </summary>
/// <param name="stage">Where.</param>
internal sealed class IncidentScript(IncidentStage stage)
{
    /// <summary>Before and after the migration, for what goes on to have stalls that are surely outside of it.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(4);

    private readonly QuotaAct quota = new(stage);
    private readonly NeighbourAct neighbour = new(stage);
    private readonly MigrationAct migration = new(stage);
    private readonly WantAct want = new(stage);

    /// <summary>Plays it. What was kept waiting, or throttled, is at rest afterwards, and still there.</summary>
    public async Task<IncidentTruth> PlayAsync()
    {
        await quota.BeginAsync();
        await migration.BeginAsync();
        var wanted = await want.PlayAsync();
        using var shield = Shield.Raise();
        await neighbour.BeginAsync();
        await neighbour.EnterAsync();
        await Task.Delay(Around);
        var migrated = await migration.PlayAsync();
        await Task.Delay(Around);
        return new IncidentTruth(stage.HostUuid, stage.VCenterUuid, await quota.EndAsync(), await neighbour.LeaveAsync(), await migration.EndAsync(migrated), wanted, shield is not null);
    }

    /// <summary>Removes the containers that are left.</summary>
    public async Task ClearAsync()
    {
        foreach (var container in await stage.Docker.ListAsync())
            await stage.Docker.RemoveAsync((string)container!["Id"]!);
    }
}
