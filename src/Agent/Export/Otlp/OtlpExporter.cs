using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Collectors;
using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;

namespace Observe.Agent.Export.Otlp;

/// <summary>
/// Pushes metrics on an interval. One loop collects and encodes, and is never held up by the network; one loop sends. Between
/// them is room for one snapshot: sums are cumulative, so a newer snapshot says all that an older one says, and takes its place.
/// Samples with times of their own are sent after each snapshot, and kept until the receiver has taken or refused them.
/// </summary>
public sealed partial class OtlpExporter : BackgroundService
{
    private readonly OtlpOptions options;
    private readonly IMetricSource source;
    private readonly OtlpExporterStatus status;
    private readonly TimeProvider time;
    private readonly ExportLog log;
    private readonly Random random = new();
    private readonly OtlpMetricsEncoder encoder;
    private readonly Channel<OtlpPayload> outbox;
    private readonly ConcurrentQueue<OtlpPayload> spare = new();
    private readonly SampleSender? samples;
    private readonly Backoff backoff;

    /// <summary>Creates the exporter. It does nothing if the options have no endpoint.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="source">Where the values come from.</param>
    /// <param name="status">Where it tells how it fares.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are logged, once a minute.</param>
    /// <param name="queue">Samples with times of their own; null where nobody has any.</param>
    public OtlpExporter(OtlpOptions options, IMetricSource source, OtlpExporterStatus status, TimeProvider time, ILogger<OtlpExporter> logger, SampleQueue? queue = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(status);
        this.options = options;
        this.source = source;
        this.status = status;
        this.time = time;
        log = new ExportLog(logger, time, options.ToString());
        backoff = new Backoff(options.RetryInitialDelay, options.RetryMaxDelay, options.RetryAfterLimit, time, random);
        var encoding = new OtlpEncoderOptions
        {
            ScopeVersion = AgentVersion.Number,
            MaxRequestBytes = options.MaxRequestBytes,
            CommonAttributes = options.ResourceAttributes,
            ServiceName = options.ServiceName,
        };
        encoder = new OtlpMetricsEncoder(encoding);
        outbox = Channel.CreateBounded<OtlpPayload>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true },
            older => Supersede(older, 0));
        status.Started(options, queue);
        // From here on what is added waits for its delivery; without an endpoint nobody would ever take it.
        if (options.Enabled && queue is not null)
        {
            queue.Open();
            samples = new SampleSender(queue, encoder.Beside());
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled)
            return;
        using var client = new OtlpClient(options, time);
        await Task.WhenAll(UntilStopped(CollectLoopAsync(stoppingToken)), UntilStopped(SendLoopAsync(client, stoppingToken)));
        await FlushAsync(client);
        LeaveSamples();
        samples?.Dispose();
    }

    /// <summary>Samples outlive a receiver's outage, but not the agent; nobody else would say so.</summary>
    private void LeaveSamples()
    {
        if (samples?.Waiting is not { } left || left == 0)
            return;
        status.Dropped(left);
        log.SamplesLeft(left);
    }

    private static async Task UntilStopped(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException)
        {
            // The one way in which the loops end.
        }
    }

    private async Task CollectLoopAsync(CancellationToken stopping)
    {
        var within = options.Interval < options.FirstExportWithin ? options.Interval : options.FirstExportWithin;
        await Task.Delay(within * random.NextDouble(), time, stopping);
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            if (await CollectAsync(stopping) is { } payload)
                outbox.Writer.TryWrite(payload);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>Collects and encodes; the snapshot is given back before anything is sent. Null if there is nothing to send.</summary>
    private async Task<OtlpPayload?> CollectAsync(CancellationToken cancellationToken)
    {
        var payload = spare.TryDequeue(out var used) ? used : new OtlpPayload();
        try
        {
            using var lease = await source.CollectAsync(cancellationToken);
            encoder.Encode(lease.Snapshot, payload);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Failed("collect", $"the collection failed: {error.Message}");
            payload.Clear();
        }
        if (payload.Count > 0)
            return payload;
        Recycle(payload);
        return null;
    }

    private async Task SendLoopAsync(OtlpClient client, CancellationToken stopping)
    {
        while (true)
        {
            var payload = await outbox.Reader.ReadAsync(stopping);
            var next = 0;
            try
            {
                // A pause that an earlier snapshot led to still stands.
                await backoff.WaitAsync(stopping);
                TakeNewer(ref payload, ref next);
                var deadline = Deadline.In(options.ExportTimeout, time);
                while (next < payload.Count && await SendAsync(client, payload, next, deadline, stopping) is { } verdict)
                {
                    if (verdict is not OtlpVerdict.Retry)
                    {
                        next++;
                        continue;
                    }
                    await backoff.WaitAsync(stopping);
                    if (TakeNewer(ref payload, ref next))
                        deadline = Deadline.In(options.ExportTimeout, time);
                }
                status.Dropped(payload.PointsFrom(next));
                Recycle(payload);
            }
            catch (OperationCanceledException)
            {
                // The last export says it again.
                Supersede(payload, next);
                throw;
            }
            await SendSamplesAsync(client, stopping);
        }
    }

    /// <summary>Sends what waits, until nothing does or a newer snapshot is there: that one is sent in between, so that neither holds up the other.</summary>
    private async Task SendSamplesAsync(OtlpClient client, CancellationToken stopping)
    {
        while (samples?.Next() is { } request && !outbox.Reader.TryPeek(out _))
        {
            await backoff.WaitAsync(stopping);
            var outcome = await client.SendAsync(request.Body, options.Timeout, stopping);
            CountSamples(outcome, request);
            if (outcome.Verdict is OtlpVerdict.Retry)
                backoff.Failed(outcome.RetryAfter);
        }
    }

    private void CountSamples(OtlpOutcome outcome, SampleRequest request)
    {
        Count(outcome, request.Points, request.Body.Length);
        // Not so one that may work later: the same bytes are sent again, so a receiver that took them unheard has them twice, alike.
        if (outcome.Verdict is not OtlpVerdict.Retry)
            samples!.Done();
    }

    /// <summary>One attempt. Null if there is no time for another one, and the snapshot is to be given up.</summary>
    private async Task<OtlpVerdict?> SendAsync(OtlpClient client, OtlpPayload payload, int request, Deadline deadline, CancellationToken cancellationToken)
    {
        var timeout = deadline.Within(options.Timeout);
        if (timeout == TimeSpan.Zero)
        {
            Failed("export_timeout", $"not delivered within {options.ExportTimeout.TotalSeconds:0.###} s (OTEL_METRIC_EXPORT_TIMEOUT)");
            return null;
        }
        var outcome = await client.SendAsync(payload.BodyOf(request), timeout, cancellationToken);
        Count(outcome, payload, request);
        return outcome.Verdict is OtlpVerdict.Retry && !deadline.Allows(backoff.Failed(outcome.RetryAfter)) ? null : outcome.Verdict;
    }

    private void Count(OtlpOutcome outcome, OtlpPayload payload, int request) => Count(outcome, payload.PointsOf(request), payload.BodyOf(request).Length);

    private void Count(OtlpOutcome outcome, int points, int bytes)
    {
        switch (outcome.Verdict)
        {
            case OtlpVerdict.Accepted:
                backoff.Succeeded();
                status.Accepted(points, outcome.Rejected, bytes, time.GetUtcNow());
                if (outcome.Rejected > 0)
                    Failed("partial_success", $"the receiver rejected {outcome.Rejected} of {points} data points: {outcome.Detail}");
                else
                    log.Delivered(outcome.Detail);
                break;
            case OtlpVerdict.Drop:
                status.Dropped(points);
                Failed(outcome.Reason, outcome.Detail);
                break;
            default:
                Failed(outcome.Reason, outcome.Detail);
                break;
        }
    }

    /// <summary>The last export: once, without retries, within a bound, so that stopping never waits for a receiver.</summary>
    private async Task FlushAsync(OtlpClient client)
    {
        while (outbox.Reader.TryRead(out var older))
            Supersede(older, 0);
        if (backoff is { Asked: true, Remaining.Ticks: > 0 })
        {
            Failed("flush", "the last export was left out: the receiver asked to be left alone");
            return;
        }
        using var limit = new CancellationTokenSource(options.FlushTimeout, time);
        // The limit is what ends a request, and says so: no request has a time of its own that might be over first.
        var longest = 2 * options.FlushTimeout;
        OtlpPayload? payload = null;
        var next = 0;
        try
        {
            payload = await CollectAsync(limit.Token);
            for (; next < (payload?.Count ?? 0); next++)
            {
                var outcome = await client.SendAsync(payload!.BodyOf(next), longest, limit.Token);
                Count(outcome, payload, next);
                if (outcome.Verdict is OtlpVerdict.Retry)
                    break;
            }
            // Only to a receiver that answers: the time is short.
            while (next == (payload?.Count ?? 0) && samples?.Next() is { } request)
            {
                var outcome = await client.SendAsync(request.Body, longest, limit.Token);
                CountSamples(outcome, request);
                if (outcome.Verdict is OtlpVerdict.Retry)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            Failed("flush", $"the last export was not delivered within {options.FlushTimeout.TotalMilliseconds:0} ms");
        }
        if (payload is null)
            return;
        status.Dropped(payload.PointsFrom(next));
        payload.Clear();
    }

    private bool TakeNewer(ref OtlpPayload payload, ref int next)
    {
        if (!outbox.Reader.TryRead(out var newer))
            return false;
        Supersede(payload, next);
        payload = newer;
        next = 0;
        return true;
    }

    private void Supersede(OtlpPayload payload, int from)
    {
        status.Superseded(payload.PointsFrom(from));
        Recycle(payload);
    }

    private void Recycle(OtlpPayload payload)
    {
        payload.Clear();
        spare.Enqueue(payload);
    }

    private void Failed(string reason, string detail)
    {
        status.Failed(reason, detail);
        log.Failed(reason, detail);
    }
}
