using Observe.Collectors;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Otlp;

/// <summary>How the OTLP export fares: counters for metrics, one line for readiness. Safe to use from any thread.</summary>
public sealed class OtlpExporterStatus
{
    // Status codes are a receiver's to invent; what is beyond the bound is counted as "other".
    private const int MaxReasons = 32;
    private const string OtherReason = "other";

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> failures = new(StringComparer.Ordinal);
    private string target = "no endpoint";
    private bool enabled;
    private string? failing;
    private DateTimeOffset? lastSuccess;
    private SampleQueue? samples;

    /// <summary>Data points that the receiver took.</summary>
    public long AcceptedPoints { get; private set; }

    /// <summary>Data points that the receiver refused in an answer that was a success otherwise.</summary>
    public long RejectedPoints { get; private set; }

    /// <summary>Data points given up: refused for good, or not delivered in time.</summary>
    public long DroppedPoints { get; private set; }

    /// <summary>Data points not sent because a newer snapshot, which says all they say, was there.</summary>
    public long SupersededPoints { get; private set; }

    /// <summary>Snapshots of which something was superseded.</summary>
    public long SupersededSnapshots { get; private set; }

    /// <summary>Points with times of their own that wait for the receiver; null where there are never any.</summary>
    public long? WaitingSamples
    {
        get
        {
            lock (gate)
                return samples?.Waiting;
        }
    }

    /// <summary>Bytes of delivered requests, before compression.</summary>
    public long SentBytes { get; private set; }

    /// <summary>When a request was last delivered; null if none was.</summary>
    public DateTimeOffset? LastSuccess
    {
        get
        {
            lock (gate)
                return lastSuccess;
        }
    }

    /// <summary>Whether anything is to be exported.</summary>
    public bool Enabled
    {
        get
        {
            lock (gate)
                return enabled;
        }
    }

    /// <summary>Attempts that failed, by reason (<c>connect</c>, <c>timeout</c>, <c>http_503</c>, <c>grpc_unavailable</c>, <c>partial_success</c>, <c>collect</c>).</summary>
    public IReadOnlyDictionary<string, long> Failures
    {
        get
        {
            lock (gate)
                return new Dictionary<string, long>(failures, StringComparer.Ordinal);
        }
    }

    /// <summary>The line for <c>/readyz</c>. A receiver that is down degrades the agent and does not fail it: metrics can still be scraped.</summary>
    public ComponentStatus Component
    {
        get
        {
            lock (gate)
            {
                if (!enabled)
                    return new ComponentStatus("otlp export", StatusLevel.Absent, target);
                var since = lastSuccess is { } time ? $"last delivered {time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, {AcceptedPoints} points in all" : "nothing delivered yet";
                return failing is null
                    ? new ComponentStatus("otlp export", StatusLevel.Ok, $"{target}; {since}")
                    : new ComponentStatus("otlp export", StatusLevel.Degraded, $"{target}; {since}; {failing}", "check that the receiver runs and that the endpoint, protocol and credentials are right");
            }
        }
    }

    /// <summary>Calls back with every failure reason and its count, without allocating.</summary>
    internal void VisitFailures<TState>(TState state, Action<TState, string, long> visit)
    {
        lock (gate)
        {
            foreach (var (reason, count) in failures)
                visit(state, reason, count);
        }
    }

    internal void Started(OtlpOptions options, SampleQueue? queue)
    {
        lock (gate)
        {
            samples = queue;
            enabled = options.Enabled;
            target = options.ToString();
        }
    }

    internal void Accepted(long points, long rejected, int bytes, DateTimeOffset now)
    {
        lock (gate)
        {
            // A receiver may claim to have rejected more than there was.
            rejected = Math.Min(rejected, points);
            AcceptedPoints += points - rejected;
            RejectedPoints += rejected;
            SentBytes += bytes;
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

    internal void Dropped(long points)
    {
        lock (gate)
            DroppedPoints += points;
    }

    internal void Superseded(long points)
    {
        lock (gate)
        {
            SupersededPoints += points;
            SupersededSnapshots++;
        }
    }
}
