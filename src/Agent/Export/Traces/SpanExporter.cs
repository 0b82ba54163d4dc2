using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Export.Otlp;
using Observe.Collectors;
using Observe.Collectors.Traces;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Traces;

/// <summary>
/// Pushes spans as they come, in batches. A batch that may be taken later is tried again until it is, with growing pauses; meanwhile what comes
/// waits in the queue, whose bound is the only thing that an outage costs.
/// </summary>
public sealed class SpanExporter : BackgroundService
{
    /// <summary>Spans of a request: some 1 kB each on the wire.</summary>
    private const int Batch = 512;

    private readonly OtlpOptions options;
    private readonly SpanBuffer queue;
    private readonly SpanExporterStatus status;
    private readonly Resource host;
    private readonly TimeProvider time;
    private readonly ExportLog log;
    private readonly Action lastSpans;
    private readonly CancellationToken stopRequested;
    private readonly CancellationTokenSource ending = new();
    private readonly Backoff backoff;
    private SdkExporter? exporter;
    private IReadOnlyList<ObservedSpan> current = [];
    private string? refusal;

    /// <summary>Prepares it.</summary>
    /// <param name="options">Validated options, with a target.</param>
    /// <param name="queue">What waits.</param>
    /// <param name="status">Where it tells how it fares.</param>
    /// <param name="host">The Resource of all spans.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are logged, once a minute.</param>
    /// <param name="lastSpans">Called when the agent stops: what is over by then is put into the queue.</param>
    /// <param name="stopRequested">Cancelled when the agent begins to stop, before it asks this to: so that it is not waited for after others.</param>
    public SpanExporter(
        OtlpOptions options, SpanBuffer queue, SpanExporterStatus status, Resource host, TimeProvider time, ILogger<SpanExporter> logger, Action lastSpans,
        CancellationToken stopRequested)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.queue = queue;
        this.status = status;
        this.host = host;
        this.time = time;
        this.lastSpans = lastSpans;
        this.stopRequested = stopRequested;
        log = new ExportLog(logger, time, options.ToString());
        backoff = new Backoff(options.RetryInitialDelay, options.RetryMaxDelay, options.RetryAfterLimit, time, new Random());
    }

    /// <summary>Time for what comes together to be sent together.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override void Dispose()
    {
        exporter?.Dispose();
        ending.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, stopRequested);
        // A request under way has the time of the last one to end, and no more.
        using var bound = either.Token.Register(() => ending.CancelAfter(options.FlushTimeout));
        try
        {
            while (true)
            {
                await queue.WaitAsync(either.Token);
                await Task.Delay(Gather, time, either.Token);
                while (await SendNextAsync(either.Token))
                    await backoff.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The one way in which the loop ends.
        }
        await FlushAsync();
    }

    /// <summary>One attempt, with what was not taken before, else with the oldest that wait.</summary>
    /// <returns>Whether there was anything to send.</returns>
    private async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (current.Count == 0)
            current = queue.Take(Batch);
        if (current.Count == 0)
            return false;
        cancellationToken.ThrowIfCancellationRequested();
        // Not before the first span: the SDK takes its memory only where there is something for it to do.
        exporter ??= new SdkExporter(options, host, time, ending.Token);
        Count(await Task.Run(() => Send(exporter), CancellationToken.None));
        return true;
    }

    private OtlpOutcome Send(SdkExporter sdk)
    {
        try
        {
            return sdk.Send(current);
        }
        catch (Exception error)
        {
            // Nothing known ends here; if something does, the export goes on with the next batch.
            return new OtlpOutcome(OtlpVerdict.Drop, "unexpected", $"{error.GetType().Name}: {error.Message}; report this as a bug");
        }
    }

    private void Count(OtlpOutcome outcome)
    {
        switch (outcome.Verdict)
        {
            case OtlpVerdict.Accepted:
                backoff.Succeeded();
                refusal = null;
                status.Took(current.Count, outcome.Rejected, time.GetUtcNow());
                if (outcome.Rejected > 0)
                    Failed("partial_success", $"the receiver rejected {outcome.Rejected} of {current.Count} spans: {outcome.Detail}");
                else
                    log.Delivered(outcome.Detail);
                current = [];
                break;
            case OtlpVerdict.Drop:
                // What it refuses once it mostly refuses again: it is asked as seldom as one that is down, and people are told once.
                status.GaveUp(current.Count);
                status.Failed(outcome.Reason, outcome.Detail);
                if (refusal != outcome.Reason)
                    log.Failed(outcome.Reason, outcome.Detail);
                refusal = outcome.Reason;
                backoff.Failed(outcome.RetryAfter);
                current = [];
                break;
            default:
                Failed(outcome.Reason, outcome.Detail);
                backoff.Failed(outcome.RetryAfter);
                break;
        }
    }

    /// <summary>What is over by now, once, within a bound: stopping never waits for a receiver.</summary>
    private async Task FlushAsync()
    {
        lastSpans();
        if (!backoff.Asked)
        {
            while (!ending.IsCancellationRequested && await SendNextAsync(CancellationToken.None) && current.Count == 0)
            {
            }
        }
        var left = current.Count + queue.Count;
        if (left == 0)
            return;
        status.GaveUp(left);
        log.SpansLeft(left);
    }

    private void Failed(string reason, string detail)
    {
        status.Failed(reason, detail);
        log.Failed(reason, detail);
    }
}
