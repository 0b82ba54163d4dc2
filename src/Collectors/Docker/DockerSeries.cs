using Observe.Collectors.Docker.Api;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker;

/// <summary>What the collector says of the engine and of itself.</summary>
internal sealed class DockerSeries
{
    private readonly Series containers;
    private readonly List<(DockerRequest Request, DockerOutcome Outcome, Series Series)> requests = [];

    /// <summary>Makes the series.</summary>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    public DockerSeries(Resource host, ulong start)
    {
        containers = new Series(MetricCatalog.DockerContainers, host, start, []);
        foreach (var request in DockerRequests.Kinds)
        {
            foreach (var outcome in DockerRequests.Outcomes)
            {
#pragma warning disable CA1308 // Labels are in lower case.
                requests.Add((request, outcome, new Series(MetricCatalog.DockerRequests, host, start, [request.ToString().ToLowerInvariant(), outcome.ToString().ToLowerInvariant()])));
#pragma warning restore CA1308
            }
        }
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="counts">Requests so far.</param>
    /// <param name="known">Containers known.</param>
    public void Export(SnapshotBuilder builder, DockerRequests counts, int known)
    {
        builder.Add(containers, known);
        foreach (var (request, outcome, series) in requests)
            builder.Add(series, counts[request, outcome]);
    }
}
