namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// One round of requests, some at a time. A request that fails is divided until what it fails on stands alone: that is left alone for
/// a while, and all others have their samples in the same round. A server that does not answer at all is not asked on, and a single
/// small request finds out in the next round whether it does.
/// </summary>
/// <param name="parts">Whom it works for.</param>
/// <param name="counters">The server's numbers.</param>
/// <param name="number">The round's number.</param>
/// <param name="now">Now, in ticks of the server's clock.</param>
internal sealed class SampleRound(PerformanceParts parts, ServerCounters counters, long number, long now)
{
    /// <summary>Requests without an answer, one after the other, after which it is the server and not the request: fewer if it never answered.</summary>
    private const int MaxUnanswered = 8;

    private const int MaxUnansweredAtFirst = 3;

    /// <summary>Metrics in the request that finds out whether a server answers.</summary>
    private const int ProbeMetrics = 32;

    /// <summary>The longest that something is left alone, in rounds: five minutes.</summary>
    private const int LongestSkip = 15;

    /// <summary>A request that failed faster than this may have met with an accident, and is tried once more as it is.</summary>
    private static readonly TimeSpan Accident = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly List<SampleBatch> suspects = [];
    private Queue<SampleBatch> waiting = new();
    private int unanswered;
    private bool isGivenUp;

    /// <summary>What failed last; null if nothing did.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Requests that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Whether everything was asked for, and answered.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Makes the requests.</summary>
    /// <param name="isProbed">Whether the server did not answer in the round before.</param>
    /// <param name="cancellationToken">Ends it; what was answered until then is taken in.</param>
    public async Task RunAsync(bool isProbed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(parts.Options.RoundTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        if (isProbed)
        {
            waiting = BatchPlan.Probe(parts.Accounts.All, counters.Of, ProbeMetrics, number);
            await WorkAsync(either.Token).ConfigureAwait(false);
        }
        if (!isGivenUp && suspects.Count == 0)
        {
            waiting = BatchPlan.Of(parts.Accounts.All, counters.Of, parts.Size.Metrics, parts.Options.MaxQueryEntities, number, now);
            await Task.WhenAll(Enumerable.Range(0, parts.Options.Concurrency).Select(_ => WorkAsync(either.Token))).ConfigureAwait(false);
        }
        cancellationToken.ThrowIfCancellationRequested();
        End();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Next() is { } batch)
        {
            var began = parts.Time.GetTimestamp();
            try
            {
                await AskAsync(batch, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                lock (gate)
                    isGivenUp = true;
            }
            catch (Exception error)
            {
                Failed(batch, error, parts.Time.GetElapsedTime(began));
            }
        }
    }

    private SampleBatch? Next()
    {
        lock (gate)
            return !isGivenUp && waiting.TryDequeue(out var batch) ? batch : null;
    }

    private async Task AskAsync(SampleBatch batch, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(parts.Options.RequestTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var queries = batch.Asks.Select(each => each.ToQuery(now)).ToArray();
        parts.Totals.Asked();
        var answers = await parts.Session.AskAsync(
            // In a session with another server, or another build of it, the numbers mean something else.
            (vim, content, token) => counters.AreOf(content.About) ? vim.QueryPerfAsync(ServerCounters.PerfManager(content), queries, token) : throw new SessionChangedException(),
            null, either.Token).ConfigureAwait(false);
        foreach (var each in answers)
            parts.Totals.Took(parts.Accounts.Take(each, batch, parts.Times, now - RealTime.Kept.Ticks, parts.Queue));
        parts.Size.Succeeded(batch.Metrics);
        if (batch.Asks.Count == 1)
            batch.Asks[0].Account.Failures = 0;
        lock (gate)
        {
            unanswered = 0;
            Answered++;
        }
    }

    private void Failed(SampleBatch batch, Exception error, TimeSpan after)
    {
        var kind = Failure.KindOf(error);
        parts.Totals.Failed(kind);
        lock (gate)
        {
            Error = error;
            unanswered = kind == FailureKind.Unanswered ? unanswered + 1 : 0;
            isGivenUp |= kind == FailureKind.Session || unanswered == (Answered == 0 ? MaxUnansweredAtFirst : MaxUnanswered);
            if (isGivenUp)
                return;
            var size = parts.Size.Metrics;
            if (kind == FailureKind.Unanswered && !batch.IsAgain && after < Accident)
                waiting.Enqueue(batch with { SizeBefore = size });
            else
                Divide(batch, kind, size);
        }
    }

    private void Divide(SampleBatch batch, FailureKind kind, int size)
    {
        // Of a server that answers others, it says that it was too much.
        if (kind == FailureKind.Refused || (kind == FailureKind.Unanswered && Answered > 0))
            parts.Size.Failed(batch.Metrics);
        // A single thing is divided by its counters only where the server says that they are too many.
        var halves = batch.Asks.Count == 1 && kind != FailureKind.Refused ? [] : batch.Split(size);
        foreach (var half in halves)
            waiting.Enqueue(half);
        if (halves.Length == 0)
            suspects.Add(batch);
    }

    private void End()
    {
        IsComplete = !isGivenUp && waiting.Count == 0 && suspects.Count == 0;
        // Where nothing was answered it is not theirs.
        if (Answered == 0)
            return;
        foreach (var suspect in suspects)
        {
            var account = suspect.Asks[0].Account;
            account.Failures++;
            account.SkippedUntil = number + Math.Min(1L << Math.Min(account.Failures, 5), LongestSkip);
            if (suspect.SizeBefore is { } before)
                parts.Size.Restore(before);
        }
    }
}
