namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// One round of requests, some at a time. A request that fails is divided until what it fails on stands alone: that is left alone for
/// a while, and all others have their samples in the same round. A server that does not answer at all is not asked on.
/// </summary>
/// <param name="parts">Whom it works for.</param>
/// <param name="counters">The server's numbers.</param>
/// <param name="number">The round's number.</param>
/// <param name="now">Now, in ticks of the server's clock.</param>
internal sealed class SampleRound(PerformanceParts parts, ServerCounters counters, long number, long now)
{
    /// <summary>Requests without an answer, one after the other, after which it is the server and not the request.</summary>
    private const int MaxUnanswered = 3;

    /// <summary>The longest that something is left alone, in rounds: five minutes.</summary>
    private const int LongestSkip = 15;

    private readonly Lock gate = new();
    private Queue<SampleBatch> waiting = new();
    private int unanswered;
    private bool given;
    private bool leftOut;

    /// <summary>What failed last; null if nothing did.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Requests that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Whether everything was asked for, and answered.</summary>
    public bool IsComplete => !given && !leftOut;

    /// <summary>Makes the requests.</summary>
    /// <param name="cancellationToken">Ends it; what was answered until then is taken in.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (options, size) = (parts.Options, parts.Size);
        waiting = BatchPlan.Of(parts.Accounts.All, counters.Of, size.Metrics, options.MaxQueryEntities, number, now);
        using var limit = new CancellationTokenSource(options.RoundTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => WorkAsync(either.Token))).ConfigureAwait(false);
        lock (gate)
            given |= waiting.Count > 0;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Next() is { } batch)
        {
            try
            {
                await AskAsync(batch, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                lock (gate)
                    given = true;
            }
            catch (Exception error)
            {
                Failed(batch, error);
            }
        }
    }

    private SampleBatch? Next()
    {
        lock (gate)
            return !given && waiting.TryDequeue(out var batch) ? batch : null;
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

    private void Failed(SampleBatch batch, Exception error)
    {
        var kind = Failure.KindOf(error);
        parts.Totals.Failed(kind);
        lock (gate)
        {
            Error = error;
            unanswered = kind == FailureKind.Unanswered ? unanswered + 1 : 0;
            if (kind == FailureKind.Session || unanswered == MaxUnanswered)
                given = true;
            if (kind == FailureKind.Session)
                return;
            var before = kind is FailureKind.Refused or FailureKind.Unanswered ? parts.Size.Failed(batch.Metrics) : parts.Size.Metrics;
            // The server is gone, or bears less than it was ever asked for: that shows in the next round.
            if (given)
                return;
            // A single thing is divided by its counters only where the server says that they are too many.
            var halves = batch.Asks.Count == 1 && kind != FailureKind.Refused ? [] : batch.Split(before);
            foreach (var half in halves)
                waiting.Enqueue(half);
            if (halves.Length == 0)
                LeaveAlone(batch, kind);
        }
    }

    private void LeaveAlone(SampleBatch batch, FailureKind kind)
    {
        var account = batch.Asks[0].Account;
        leftOut = true;
        account.Failures++;
        account.SkippedUntil = number + Math.Min(1L << Math.Min(account.Failures, 5), LongestSkip);
        if (kind == FailureKind.Unanswered && batch.SizeBefore is { } before)
            parts.Size.Restore(before);
    }
}
