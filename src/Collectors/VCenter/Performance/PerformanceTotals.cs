namespace Observe.Collectors.VCenter.Performance;

/// <summary>What became of the asking. Counted from any thread.</summary>
internal sealed class PerformanceTotals
{
    private readonly long[] errors = new long[Enum.GetValues<FailureKind>().Length];
    private long samples;
    private long values;
    private long missingValues;
    private long serverGaps;
    private long retentionGaps;
    private long requests;

    /// <summary>Samples of one thing taken in.</summary>
    public long Samples => Interlocked.Read(ref samples);

    /// <summary>Values taken in.</summary>
    public long Values => Interlocked.Read(ref values);

    /// <summary>Values that the server says it does not have.</summary>
    public long MissingValues => Interlocked.Read(ref missingValues);

    /// <summary>Samples that the server never had.</summary>
    public long ServerGaps => Interlocked.Read(ref serverGaps);

    /// <summary>Samples that the server did not keep until they were asked for.</summary>
    public long RetentionGaps => Interlocked.Read(ref retentionGaps);

    /// <summary>Requests.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Requests that failed.</summary>
    /// <param name="kind">How.</param>
    public long Errors(FailureKind kind) => Interlocked.Read(ref errors[(int)kind]);

    /// <summary>A request is made.</summary>
    public void Asked() => Interlocked.Increment(ref requests);

    /// <summary>A request failed.</summary>
    /// <param name="kind">How.</param>
    public void Failed(FailureKind kind) => Interlocked.Increment(ref errors[(int)kind]);

    /// <summary>Samples were taken in.</summary>
    public void Took(in SampleCounts counts)
    {
        Interlocked.Add(ref samples, counts.Samples);
        Interlocked.Add(ref values, counts.Values);
        Interlocked.Add(ref missingValues, counts.MissingValues);
        Interlocked.Add(ref serverGaps, counts.ServerGaps);
        Interlocked.Add(ref retentionGaps, counts.RetentionGaps);
    }
}
