using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Kernel.Tests.Harness;

/// <summary>
/// Scrapes again and again while something happens, and writes down every counter that went back and every value that
/// cannot be: more CPU time than the CPUs had, more time in a state than its threads lived.
/// </summary>
internal sealed class CounterWatch : IAsyncDisposable
{
    /// <summary>Threads that may have come and gone between two scrapes without being seen, living at one time.</summary>
    private const int Unseen = 64;

    private readonly AgentUnderTest agent;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;
    private readonly List<string> wrong = [];

    public CounterWatch(AgentUnderTest agent)
    {
        this.agent = agent;
        watching = WatchAsync();
    }

    /// <summary>Scrapes so far.</summary>
    public int Scrapes { get; private set; }

    /// <summary>Values compared so far.</summary>
    public long Compared { get; private set; }

    /// <summary>Ends; nothing must have gone wrong.</summary>
    public async Task EndAsync()
    {
        await stop.CancelAsync();
        await watching;
        Scrapes.ShouldBeGreaterThan(2);
        wrong.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var last = await agent.ScrapeAsync();
        Scrapes++;
        while (!stop.IsCancellationRequested)
        {
            var next = await agent.ScrapeAsync();
            Scrapes++;
            Compare(last, next);
            last = next;
        }
    }

    private void Compare(Scrape last, Scrape next)
    {
        var before = new Dictionary<string, double>();
        foreach (var sample in last.Document.Samples.Where(sample => IsCounter(last, sample)))
            before.Add(Key(sample), sample.Value);
        foreach (var sample in next.Document.Samples.Where(sample => IsCounter(next, sample)))
        {
            if (!before.TryGetValue(Key(sample), out var was))
                continue;
            Compared++;
            if (!(sample.Value >= was))
                wrong.Add($"went back: {Key(sample)} {was:R} -> {sample.Value:R}");
        }
        var elapsed = (next.At - last.At).High;
        var bound = Bed.Cpus * elapsed;
        foreach (var sample in next.All("observe_thread_time_seconds_total"))
        {
            var id = sample.Labels["workload_id"];
            var threads = Math.Max(last.Sum("observe_threads", ("workload_id", id)), next.Sum("observe_threads", ("workload_id", id))) + Unseen;
            var most = sample.Labels["state"] is "running" or "irq" or "steal" ? bound : threads * elapsed;
            // A workload that is new may bring what it ran up since it was born: not more than since the last scrape.
            var was = before.GetValueOrDefault(Key(sample));
            if (sample.Value - was > most * 1.01)
                wrong.Add($"cannot be: {Key(sample)} grew by {sample.Value - was:R} in {elapsed:R} s with {threads - Unseen} threads");
        }
        foreach (var sample in next.Document.Samples)
        {
            if (!double.IsFinite(sample.Value) || (sample.Value < 0 && sample.Name != "observe_ledger_residual_seconds"))
                wrong.Add($"cannot be: {Key(sample)} {sample.Value:R}");
        }
    }

    private static bool IsCounter(Scrape scrape, TextParser.Sample sample) =>
        scrape.Document.Types.GetValueOrDefault(sample.Name) == "counter" || sample.Name.EndsWith("_bucket", StringComparison.Ordinal)
        || sample.Name.EndsWith("_count", StringComparison.Ordinal) || sample.Name.EndsWith("_sum", StringComparison.Ordinal);

    private static string Key(TextParser.Sample sample) => $"{sample.Name}{{{string.Join(',', sample.Labels.Select(label => $"{label.Key}={label.Value}"))}}}";
}
