using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>The series of one thing: made when they first have a value, so that a collection allocates nothing.</summary>
/// <param name="resource">Whose they are.</param>
/// <param name="metrics">What there may be of it.</param>
/// <param name="start">Since when they are, ns since the Unix epoch.</param>
internal sealed class EntitySeries(Resource resource, EntityMetric[] metrics, ulong start)
{
    private readonly Series?[] series = new Series?[metrics.Length];

    /// <summary>Whose they are.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>The one that says where it is; null when that has changed.</summary>
    public Series? Info { get; set; }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="reading">What is known.</param>
    public void Export(SnapshotBuilder builder, in EntityReading reading)
    {
        for (var i = 0; i < metrics.Length; i++)
        {
            var value = metrics[i].Read(reading);
            if (!double.IsNaN(value))
                builder.Add(series[i] ??= new Series(metrics[i].Labels, Resource, start), value);
        }
        Info ??= EntityInfo.Of(reading.Node, Resource, start);
        if (Info is not null)
            builder.Add(Info, 1);
    }
}
