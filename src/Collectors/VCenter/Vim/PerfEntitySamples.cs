namespace Observe.Collectors.VCenter.Vim;

/// <summary>An entity's samples.</summary>
/// <param name="Entity">Whose.</param>
/// <param name="Times">When each was taken, on the server's clock: the end of its interval. In whatever order the server has.</param>
/// <param name="Series">One of each counter and instance.</param>
internal sealed record PerfEntitySamples(ManagedObject Entity, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<PerfSeries> Series);
