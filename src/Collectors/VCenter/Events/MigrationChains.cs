using Observe.Collectors.Self;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// Which events begin and end the same migration: those of one chain and one VM. Begin and end may come in any order; of several that
/// begin the first counts, of several that end the first. One thread at a time.
/// </summary>
/// <param name="losses">Where migrations are counted of which the end did not come in time.</param>
internal sealed class MigrationChains(LossCounters losses)
{
    /// <summary>Migrations remembered: more than a vCenter has under way at once (8 a host by default, 2,500 hosts) are not.</summary>
    private const int Capacity = 4096;

    private readonly LossCounter unpaired = losses.Counter("vcenter_migration_unpaired");
    private readonly Dictionary<(int Chain, string Vm), Migration> migrations = [];
    private readonly Queue<(int Chain, string Vm)> order = new();

    /// <summary>Takes an event of a migration in.</summary>
    /// <param name="chain">Number of the operation's first event.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="role">What the event is to it.</param>
    /// <param name="ticks">When it was made, on the server's clock.</param>
    /// <returns>How long the migration took, in seconds, if that is known with this event; else null.</returns>
    public double? Take(int chain, string vm, MigrationRole role, long ticks)
    {
        if (!migrations.TryGetValue((chain, vm), out var migration))
        {
            migrations.Add((chain, vm), migration = new Migration());
            order.Enqueue((chain, vm));
            if (order.Count > Capacity && migrations.Remove(order.Dequeue(), out var oldest) && oldest is { Began: not null, IsOver: false })
                unpaired.Add();
        }
        if (migration.IsOver)
            return null;
        if (role == MigrationRole.Begin)
            migration.Began = Math.Min(migration.Began ?? long.MaxValue, ticks);
        else
            migration.Ended = Math.Min(migration.Ended ?? long.MaxValue, ticks);
        if (migration is not { Began: { } began, Ended: { } ended })
            return null;
        migration.IsOver = true;
        return Math.Max(0, ended - began) / (double)TimeSpan.TicksPerSecond;
    }

    private sealed class Migration
    {
        public long? Began { get; set; }

        public long? Ended { get; set; }

        public bool IsOver { get; set; }
    }
}
