namespace Observe.Agent.Export.Otlp;

/// <summary>How one attempt to deliver one request went.</summary>
/// <param name="Verdict">What follows from it.</param>
/// <param name="Reason">A word of a small vocabulary, for counting: <c>connect</c>, <c>timeout</c>, <c>http_503</c>, <c>grpc_unavailable</c>.</param>
/// <param name="Detail">For people: what happened and what to do. Empty if all went well.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null if it did not say.</param>
/// <param name="Rejected">Points of an accepted request that the receiver did not take.</param>
internal readonly record struct OtlpOutcome(OtlpVerdict Verdict, string Reason, string Detail = "", TimeSpan? RetryAfter = null, long Rejected = 0)
{
    public static OtlpOutcome Accepted(long rejected, string detail) => new(OtlpVerdict.Accepted, "", detail, Rejected: rejected);
}
