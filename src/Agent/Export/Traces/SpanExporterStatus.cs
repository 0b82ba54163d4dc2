using Observe.Agent.Export.Otlp;
using Observe.Collectors;

namespace Observe.Agent.Export.Traces;

/// <summary>How the export of spans fares. Thread-safe.</summary>
/// <param name="options">Where to.</param>
public sealed class SpanExporterStatus(OtlpOptions options)
{
    // Status codes are a receiver's to invent; what is beyond the bound is counted as "other".
    private const int MaxReasons = 32;
    private const string OtherReason = "other";

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> failures = new(StringComparer.Ordinal);
    private readonly string target = options.ToString();
    private string? failing;
    private DateTimeOffset? lastSuccess;

    /// <summary>Spans that the receiver took.</summary>
    public long Accepted { get; private set; }

    /// <summary>Spans that the receiver refused in an answer that was a success otherwise.</summary>
    public long Rejected { get; private set; }

    /// <summary>Spans given up: refused for good, or left when the agent stopped.</summary>
    public long Dropped { get; private set; }

    /// <summary>The line for <c>/readyz</c>: a receiver that is down degrades the agent and does not fail it.</summary>
    public ComponentStatus Component
    {
        get
        {
            lock (gate)
            {
                var since = lastSuccess is { } time ? $"last delivered {time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, {Accepted} spans in all" : "nothing delivered yet";
                return failing is null
                    ? new ComponentStatus("trace export", StatusLevel.Ok, $"{target}; {since}")
                    : new ComponentStatus("trace export", StatusLevel.Degraded, $"{target}; {since}; {failing}", "check that the receiver runs and takes spans, and that the endpoint, protocol and credentials are right");
            }
        }
    }

    /// <summary>Calls back with every reason of failures and its count.</summary>
    internal void VisitFailures<TState>(TState state, Action<TState, string, long> visit)
    {
        lock (gate)
        {
            foreach (var (reason, count) in failures)
                visit(state, reason, count);
        }
    }

    internal void Took(long spans, long rejected, DateTimeOffset now)
    {
        lock (gate)
        {
            // A receiver may claim to have rejected more than there was.
            rejected = Math.Clamp(rejected, 0, spans);
            Accepted += spans - rejected;
            Rejected += rejected;
            lastSuccess = now;
            failing = null;
        }
    }

    internal void Failed(string reason, string detail)
    {
        lock (gate)
        {
            if (!failures.ContainsKey(reason) && failures.Count >= MaxReasons)
                reason = OtherReason;
            failures[reason] = failures.GetValueOrDefault(reason) + 1;
            failing = $"{reason}: {detail}";
        }
    }

    internal void GaveUp(long spans)
    {
        lock (gate)
            Dropped += spans;
    }
}
