namespace Observe.Collectors.Docker.Api;

/// <summary>Requests to an engine so far. Thread-safe.</summary>
internal sealed class DockerRequests
{
    /// <summary>Kinds of requests.</summary>
    public static IReadOnlyList<DockerRequest> Kinds { get; } = Enum.GetValues<DockerRequest>();

    /// <summary>What may come of them.</summary>
    public static IReadOnlyList<DockerOutcome> Outcomes { get; } = Enum.GetValues<DockerOutcome>();

    private readonly long[] counts = new long[Kinds.Count * Outcomes.Count];

    /// <summary>How many.</summary>
    /// <param name="request">Of which kind.</param>
    /// <param name="outcome">What came of them.</param>
    public long this[DockerRequest request, DockerOutcome outcome] => Interlocked.Read(ref counts[Place(request, outcome)]);

    /// <summary>Counts one.</summary>
    /// <param name="request">Of which kind.</param>
    /// <param name="outcome">What came of it.</param>
    public void Add(DockerRequest request, DockerOutcome outcome) => Interlocked.Increment(ref counts[Place(request, outcome)]);

    private static int Place(DockerRequest request, DockerOutcome outcome) => ((int)request * Outcomes.Count) + (int)outcome;
}
