using Observe.Telemetry.Model;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// The points of a snapshot in resource order. Snapshots are family-major, OTLP is resource-major: a counting sort over
/// arrays that are kept turns one into the other, stable, so that a resource's points stay in family order, and without allocation
/// once the arrays have their size. Encoded resources live here too, for as long as their resource has points.
/// </summary>
internal sealed class SnapshotByResource(ResourceEncoder encoder)
{
    private readonly Dictionary<Resource, Group> groups = new(ReferenceEqualityComparer.Instance);
    private readonly List<Group> present = [];
    private Place[] places = [];
    private Place[] sorted = [];
    private int generation;

    /// <summary>Where a point is in the snapshot, and which group it belongs to.</summary>
    public readonly record struct Place(int Family, int Point, int Group);

    /// <summary>Points in resource order; valid until the next <see cref="Sort"/>.</summary>
    public ReadOnlySpan<Place> Sorted => sorted.AsSpan(0, Count);

    private int Count { get; set; }

    /// <summary>The encoded <c>resource</c> field of a group.</summary>
    public byte[] EncodedResource(int group) => present[group].Encoded;

    public void Sort(MetricSnapshot snapshot)
    {
        Locate(snapshot);
        var offset = 0;
        foreach (var group in present)
        {
            group.Next = offset;
            offset += group.Count;
        }
        foreach (ref readonly var place in places.AsSpan(0, Count))
            sorted[present[place.Group].Next++] = place;
        Forget();
    }

    private void Locate(MetricSnapshot snapshot)
    {
        generation++;
        present.Clear();
        Count = 0;
        if (places.Length < snapshot.PointCount)
        {
            var size = snapshot.PointCount + (snapshot.PointCount / 4);
            places = new Place[size];
            sorted = new Place[size];
        }
        Resource? last = null;
        Group? group = null;
        for (var f = 0; f < snapshot.Families.Count; f++)
        {
            var family = snapshot.Families[f];
            // A workload's identity is its Resource already; on the wire it would be said twice.
            if (family.Metric is { Kind: MetricKind.Info, Scope: MetricScope.Workload })
                continue;
            var points = family.Points;
            for (var p = 0; p < points.Length; p++)
            {
                if (points[p].IsPushedApart)
                    continue;
                var resource = points[p].Series.Resource;
                // Points of one resource often follow each other: one per state.
                if (group is null || !ReferenceEquals(resource, last))
                    group = GroupOf(last = resource);
                group.Count++;
                places[Count++] = new Place(f, p, group.Index);
            }
        }
    }

    private Group GroupOf(Resource resource)
    {
        if (!groups.TryGetValue(resource, out var group))
            groups.Add(resource, group = new Group(encoder.Encode(resource)));
        if (group.Generation == generation)
            return group;
        group.Generation = generation;
        group.Index = present.Count;
        group.Count = 0;
        present.Add(group);
        return group;
    }

    // Resources without points have died; keeping them would leak one per container ever seen.
    private void Forget()
    {
        if (groups.Count == present.Count)
            return;
        foreach (var (resource, group) in groups)
        {
            if (group.Generation != generation)
                groups.Remove(resource);
        }
    }

    private sealed class Group(byte[] encoded)
    {
        public byte[] Encoded { get; } = encoded;

        public int Generation { get; set; }

        public int Index { get; set; }

        public int Count { get; set; }

        public int Next { get; set; }
    }
}
