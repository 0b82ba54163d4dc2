using Observe.Collectors.Self;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>The numbers of <see cref="UsageProperties"/>, as they were told last. Thread-safe.</summary>
/// <param name="capacity">Objects that may be known.</param>
/// <param name="full">Counts those beyond.</param>
internal sealed class UsageTable(int capacity, LossCounter full) : IFollowTarget
{
    private readonly Lock gate = new();
    private readonly Dictionary<ManagedObject, Row> rows = [];
    private long sync;
    private bool isComplete;

    /// <summary>An object's numbers, NaN where there is none; empty if nothing is known of it. They do not change any more.</summary>
    /// <param name="of">Which.</param>
    public double[] Read(ManagedObject of)
    {
        lock (gate)
            return rows.TryGetValue(of, out var row) ? row.Numbers : [];
    }

    /// <inheritdoc/>
    public void Begin(AboutInfo about)
    {
        lock (gate)
            (sync, isComplete) = (sync + 1, false);
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<ObjectUpdate> updates, ICollection<(ManagedObject Object, string Path)> unplaced)
    {
        lock (gate)
        {
            foreach (var update in updates)
                Apply(update, unplaced);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        lock (gate)
        {
            if (isComplete)
                return;
            isComplete = true;
            foreach (var (of, row) in rows)
            {
                if (row.Sync != sync)
                    rows.Remove(of);
            }
        }
    }

    private void Apply(ObjectUpdate update, ICollection<(ManagedObject Object, string Path)> unplaced)
    {
        if (update.Kind == "leave")
        {
            rows.Remove(update.Object);
            return;
        }
        if (UsageProperties.Of(update.Object.Type) is not { } paths)
            return;
        if (!rows.TryGetValue(update.Object, out var row))
        {
            if (update.Kind != "enter")
                return;
            if (rows.Count >= capacity)
            {
                full.Add();
                return;
            }
            rows.Add(update.Object, row = new Row());
        }
        if (update.Kind == "enter")
            (row.Values, row.Sync) = (new VimValue?[paths.Paths.Count], sync);
        foreach (var change in update.Changes)
        {
            if (paths.Apply(row.Values, change) is { } path)
                unplaced.Add((update.Object, path));
        }
        foreach (var (path, _) in update.Missing)
            paths.Apply(row.Values, new PropertyChange(path, "remove", null));
        row.Numbers = Array.ConvertAll(row.Values, value => value?.AsInt64 ?? double.NaN);
    }

    private sealed class Row
    {
        public VimValue?[] Values { get; set; } = [];

        public double[] Numbers { get; set; } = [];

        public long Sync { get; set; }
    }
}
