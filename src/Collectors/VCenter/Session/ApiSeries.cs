using Observe.Collectors.VCenter.Soap;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Session;

/// <summary>What is said of asking one endpoint. Used by one thread at a time.</summary>
/// <param name="session">The session.</param>
/// <param name="host">Whose the series are.</param>
/// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
internal sealed class ApiSeries(VCenterSession session, Resource host, ulong start)
{
    private readonly Dictionary<string, OfMethod> methods = new(StringComparer.Ordinal);
    private readonly Series established = new(VCenterMetrics.ApiSessions, host, start, [session.Name]);
    private readonly Series open = new(VCenterMetrics.ApiCircuitOpen, host, start, [session.Name]);
    private readonly (LoginOutcome Outcome, Series Series)[] logins =
        [.. Enum.GetValues<LoginOutcome>().Select(outcome => (outcome, new Series(VCenterMetrics.ApiLogins, host, start, [session.Name, Lower(outcome)])))];

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        builder.Add(established, session.IsEstablished ? 1 : 0);
        builder.Add(open, session.IsBroken ? 1 : 0);
        foreach (var (outcome, series) in logins)
            builder.Add(series, session.Requests.Logins(outcome));
        foreach (var (method, totals) in session.Requests.Methods)
        {
            if (!methods.TryGetValue(method, out var known))
                methods.Add(method, known = new OfMethod(session.Name, method, host, start));
            known.Export(builder, totals);
        }
    }

#pragma warning disable CA1308 // Labels are in lower case.
    private static string Lower<T>(T outcome)
        where T : struct, Enum => outcome.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private sealed class OfMethod(string name, string method, Resource host, ulong start)
    {
        private readonly Series sent = new(VCenterMetrics.ApiSent, host, start, [name, method]);
        private readonly Series received = new(VCenterMetrics.ApiReceived, host, start, [name, method]);
        private readonly Series seconds = new(VCenterMetrics.ApiTime, host, start, [name, method]);
        private readonly Dictionary<CallOutcome, Series> requests = [];

        public void Export(SnapshotBuilder builder, MethodTotals totals)
        {
            builder.Add(sent, totals.Sent);
            builder.Add(received, totals.Received);
            builder.Add(seconds, totals.Duration.TotalSeconds);
            foreach (var outcome in MethodTotals.Outcomes)
            {
                // What has never happened is said only of success.
                if (totals[outcome] == 0 && outcome != CallOutcome.Answered)
                    continue;
                if (!requests.TryGetValue(outcome, out var series))
                    requests.Add(outcome, series = new Series(VCenterMetrics.ApiRequests, host, start, [name, method, Lower(outcome)]));
                builder.Add(series, totals[outcome]);
            }
        }
    }
}
