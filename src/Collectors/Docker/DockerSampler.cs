using Observe.Collectors.Docker.Api;
using Observe.Collectors.Docker.Stats;
using Observe.Collectors.Sched;

namespace Observe.Collectors.Docker;

/// <summary>
/// Samples every running container once an interval, spread over it, some at a time. One that does not answer holds up no
/// other: it is asked less and less often, until it does.
/// </summary>
/// <param name="api">The engine.</param>
/// <param name="containers">Whose samples they are.</param>
/// <param name="inspector">Asks again about those that did not answer.</param>
/// <param name="clock">Asked now and then.</param>
/// <param name="options">How often.</param>
/// <param name="sched">The ledger, to compare with; null if it is switched off.</param>
/// <param name="time">The clock.</param>
internal sealed class DockerSampler(DockerApi api, DockerContainers containers, DockerInspector inspector, EngineClock clock, DockerOptions options, SchedCollector? sched, TimeProvider time) : IDisposable
{
    /// <summary>Samples under way at a time.</summary>
    private const int Concurrency = 8;

    /// <summary>Part of the interval that the samples are spread over; the rest is for those that take longer.</summary>
    private const double Spread = 0.8;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim places = new(Concurrency);

    /// <summary>Samples until it is told to stop.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerException">The engine does not answer any more, whatever it is asked.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            await RoundAsync(containers.Due(), cancellationToken).ConfigureAwait(false);
            // A stream of events that is silent may be dead: an engine that hangs, or a host that is gone.
            await api.PingAsync(cancellationToken).ConfigureAwait(false);
            await AskForTheTimeAsync(cancellationToken).ConfigureAwait(false);
            foreach (var container in containers.Unanswered())
                _ = inspector.InspectAsync(container, cancellationToken);
            var rest = options.Interval - time.GetElapsedTime(began);
            await Task.Delay(rest > Step ? rest : Step, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

    private async Task AskForTheTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await clock.AskAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException)
        {
            // What is known of its clock grows less certain until it answers again.
        }
    }

    private async Task RoundAsync(List<DockerContainer> due, CancellationToken cancellationToken)
    {
        var steps = Math.Max(1, (int)(options.Interval * Spread / Step));
        var each = (due.Count + steps - 1) / steps;
        for (var i = 0; i < due.Count; i++)
        {
            if (i > 0 && i % each == 0)
                await Task.Delay(Step, time, cancellationToken).ConfigureAwait(false);
            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            _ = SampleAsync(due[i], cancellationToken);
        }
    }

    private async Task SampleAsync(DockerContainer container, CancellationToken cancellationToken)
    {
        try
        {
            if (containers.BeginSample(container) is not { } usage)
                return;
            ContainerStats? stats = null;
            ((double, double), (double, double))? check = null;
            try
            {
                var before = Read(container);
                stats = await api.StatsAsync(container.Id, cancellationToken).ConfigureAwait(false);
                check = Compare(before, Read(container), stats);
            }
            catch (Exception error) when (error is DockerException or OperationCanceledException or ObjectDisposedException or IOException)
            {
                // Ended meanwhile, or no answer: the counted requests say so.
            }
            containers.EndSample(container, usage, stats, check);
        }
        finally
        {
            places.Release();
        }
    }

    private (LedgerReading Reading, DateTimeOffset At)? Read(DockerContainer container) =>
        api.Endpoint.IsLocal && container.Labels is { HasCgroup: true } labels && sched is not null && sched.TryRead(labels, out var reading) ? (reading, time.GetUtcNow()) : null;

    /// <summary>The ledger's time at the moment the engine read its own: between the two readings, where that moment lies.</summary>
    private static ((double, double), (double, double))? Compare((LedgerReading Reading, DateTimeOffset At)? before, (LedgerReading Reading, DateTimeOffset At)? after, ContainerStats stats)
    {
        if (before is not { } first || after is not { } last || stats.Cpu?.Usage?.Total is not { } cpu || stats.Read < first.At || stats.Read > last.At || last.At == first.At)
            return null;
        var part = (stats.Read - first.At) / (last.At - first.At);
        var throttled = stats.Cpu.Throttling?.ThrottledTime is { } time ? time / 1e9 : double.NaN;
        return ((Between(first.Reading.Running, last.Reading.Running), Between(first.Reading.Throttled, last.Reading.Throttled)), (cpu / 1e9, throttled));

        double Between(double from, double to) => from + ((to - from) * part);
    }
}
