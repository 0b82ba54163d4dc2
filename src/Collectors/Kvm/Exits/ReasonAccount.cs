using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>Exits of one virtual machine for one reason, over all its vCPUs, those that are gone included.</summary>
/// <param name="vm">Whose they are.</param>
/// <param name="reason">The reason's name.</param>
internal sealed class ReasonAccount(VmAccount vm, string reason)
{
    private readonly Series exits = new(MetricCatalog.KvmExits, vm.Resource, vm.StartTimeUnixNano, [vm.Name, reason]);
    private readonly Series handling = new(MetricCatalog.KvmExitHandling, vm.Resource, vm.StartTimeUnixNano, [vm.Name, reason]);
    private readonly ulong[] closedCells = new ulong[ExponentialLayout.Cells];
    private readonly ulong[] cells = new ulong[ExponentialLayout.Cells];
    private ulong closedExits;
    private ulong closedHandling;
    private ulong sumExits;
    private ulong sumHandling;

    /// <summary>Begins a collection.</summary>
    public void BeginSum()
    {
        (sumExits, sumHandling) = (closedExits, closedHandling);
        closedCells.CopyTo(cells, 0);
    }

    /// <summary>Adds one vCPU's.</summary>
    /// <param name="account">As the kernel writes it.</param>
    public void Add(in KvmReason account)
    {
        sumExits += account.Exits;
        sumHandling += account.Handling;
        ReadOnlySpan<ulong> added = account.Cells;
        for (var cell = 0; cell < cells.Length; cell++)
            cells[cell] += added[cell];
    }

    /// <summary>Keeps what a vCPU that is gone has run up.</summary>
    /// <param name="account">Its account, which nobody writes to any more.</param>
    public void Close(in KvmReason account)
    {
        closedExits += account.Exits;
        closedHandling += account.Handling;
        ReadOnlySpan<ulong> added = account.Cells;
        for (var cell = 0; cell < closedCells.Length; cell++)
            closedCells[cell] += added[cell];
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        var count = 0UL;
        foreach (var cell in cells)
            count += cell;
        builder.Add(exits, sumExits);
        builder.AddHistogram(handling, sumHandling / 1e9, count, cells, vm.Exemplars.Of(reason));
    }
}
