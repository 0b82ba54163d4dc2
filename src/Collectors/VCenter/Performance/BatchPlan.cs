namespace Observe.Collectors.VCenter.Performance;

/// <summary>Divides what is to be asked for into requests.</summary>
internal static class BatchPlan
{
    /// <summary>Samples of one thing in a request, at most, added up: after an outage each has many, and answers grow.</summary>
    private const int MaxSamples = 1500;

    /// <summary>A small request for one thing, by which it is found out whether the server answers.</summary>
    /// <param name="accounts">The things.</param>
    /// <param name="counters">The server's numbers, by kind.</param>
    /// <param name="metrics">Metrics in it, at most.</param>
    /// <param name="round">The round's number.</param>
    public static Queue<SampleBatch> Probe(IEnumerable<EntityAccount> accounts, Func<EntityKind, KindCounters> counters, int metrics, long round)
    {
        var first = accounts.Where(each => each.IsActive && each.SkippedUntil <= round).MinBy(each => each.Failures);
        return first is null ? new() : new([new SampleBatch([new SampleAsk(first, counters(first.Kind), 0, Math.Min(metrics, counters(first.Kind).Asked.Length))], 0)]);
    }

    /// <summary>Requests for all that are due. Who has waited longest comes first; who failed is asked alone.</summary>
    /// <param name="accounts">The things.</param>
    /// <param name="counters">The server's numbers, by kind.</param>
    /// <param name="metrics">Metrics in a request, at most.</param>
    /// <param name="entities">Things in a request, at most.</param>
    /// <param name="round">The round's number.</param>
    /// <param name="now">Now, in ticks of the server's clock.</param>
    public static Queue<SampleBatch> Of(IEnumerable<EntityAccount> accounts, Func<EntityKind, KindCounters> counters, int metrics, int entities, long round, long now)
    {
        var batches = new Queue<SampleBatch>();
        var open = new List<SampleAsk>();
        var (openMetrics, openSamples) = (0, 0);
        foreach (var account in accounts.Where(each => each.IsActive && each.SkippedUntil <= round).OrderBy(each => each.LastStamp))
        {
            var known = counters(account.Kind);
            // In parts of equal size, where one thing has more counters than a request may have metrics.
            var parts = (known.Asked.Length + metrics - 1) / metrics;
            for (var part = 0; part < parts; part++)
            {
                var (first, end) = (part * known.Asked.Length / parts, (part + 1) * known.Asked.Length / parts);
                var ask = new SampleAsk(account, known, first, end - first);
                if (account.Failures > 0)
                {
                    batches.Enqueue(new SampleBatch([ask]));
                    continue;
                }
                var samples = ask.Samples(now);
                if (open.Count > 0 && (openMetrics + ask.Count > metrics || open.Count == entities || openSamples + samples > MaxSamples))
                    Close();
                open.Add(ask);
                (openMetrics, openSamples) = (openMetrics + ask.Count, openSamples + samples);
            }
        }
        if (open.Count > 0)
            Close();
        return batches;

        void Close()
        {
            batches.Enqueue(new SampleBatch([.. open]));
            open.Clear();
            (openMetrics, openSamples) = (0, 0);
        }
    }
}
