using System.Diagnostics;
using Observe.Collectors.Running;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Collectors.Tests.Running;

/// <summary>Alone in the process: one of them counts what the process allocates.</summary>
[Collection(nameof(RunsAlone))]
public class CollectorRunnerTests
{
    private static readonly Resource Host = new([], []);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private readonly RecordingLogger<CollectorRunner> log = new();
    private readonly LossCounters losses = new();

    [Fact]
    public async Task CollectAsync_AllWork_SnapshotHasPointsOfAllAndSuccessAndDuration()
    {
        var time = new ManualTime();
        var runner = Runner(Short, time, ScriptedCollector.Working("a"), ScriptedCollector.Working("b"));

        using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);

        Value(lease, MetricCatalog.Lost, "a").ShouldBe(1);
        Value(lease, MetricCatalog.Lost, "b").ShouldBe(1);
        Value(lease, MetricCatalog.CollectorSuccess, "a").ShouldBe(1);
        Value(lease, MetricCatalog.CollectorSuccess, "b").ShouldBe(1);
        Value(lease, MetricCatalog.CollectorDuration, "a").ShouldBe(0);
        lease.Snapshot.TimeUnixNano.ShouldBe((ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds * 1000);
    }

    [Fact]
    public async Task CollectAsync_OneTakesTime_DurationIsTheTimeItTook()
    {
        var time = new ManualTime();
        var runner = Runner(Short, time, new ScriptedCollector("slow", _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(125));
            return new(CollectResult.Ok);
        }));

        using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);

        Value(lease, MetricCatalog.CollectorDuration, "slow").ShouldBe(0.125);
    }

    [Fact]
    public async Task CollectAsync_OneThrows_ItsHalfDonePointsAreDroppedAndTheOthersStand()
    {
        var runner = Runner(Short, TimeProvider.System,
            new ScriptedCollector("bad", _ => throw new InvalidOperationException("no such table")), ScriptedCollector.Working("good"));

        using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);

        Value(lease, MetricCatalog.Lost, "bad").ShouldBeNull();
        Value(lease, MetricCatalog.CollectorSuccess, "bad").ShouldBe(0);
        Value(lease, MetricCatalog.Lost, "good").ShouldBe(1);
        Value(lease, MetricCatalog.CollectorSuccess, "good").ShouldBe(1);
        log.Lines.ShouldHaveSingleItem().ShouldContain("collector bad failed: InvalidOperationException: no such table");
    }

    [Fact]
    public async Task CollectAsync_OneReportsFailure_ItsPointsStandAndSuccessIsZero()
    {
        var runner = Runner(Short, TimeProvider.System, new ScriptedCollector("partly", _ => new(CollectResult.Failed("two files unreadable"))));

        using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);

        Value(lease, MetricCatalog.Lost, "partly").ShouldBe(1);
        Value(lease, MetricCatalog.CollectorSuccess, "partly").ShouldBe(0);
        var status = runner.Status.Single(each => each.Component == "collector partly");
        status.Level.ShouldBe(StatusLevel.Degraded);
        status.Detail.ShouldBe("two files unreadable");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CollectAsync_OneHangs_IsCutOffSkippedAndTakenBackWhenItReturns(bool blocksItsThread)
    {
        using var release = new ManualResetEventSlim();
        var released = new TaskCompletionSource();
        var hangs = true;
        var hanging = new ScriptedCollector("stuck", async _ =>
        {
            if (!Volatile.Read(ref hangs))
                return CollectResult.Ok;
            if (blocksItsThread)
                release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            else
                await released.Task;
            return CollectResult.Ok;
        });
        var runner = Runner(Short, TimeProvider.System, hanging, ScriptedCollector.Working("good"));
        var clock = Stopwatch.StartNew();

        using (var first = await runner.CollectAsync(TestContext.Current.CancellationToken))
        {
            clock.Elapsed.ShouldBeInRange(Short * 0.9, TimeSpan.FromSeconds(10));
            Value(first, MetricCatalog.Lost, "stuck").ShouldBeNull();
            Value(first, MetricCatalog.CollectorSuccess, "stuck").ShouldBe(0);
            Value(first, MetricCatalog.CollectorDuration, "stuck")!.Value.ShouldBeGreaterThanOrEqualTo(0.18);
            Value(first, MetricCatalog.Lost, "good").ShouldBe(1);
        }
        losses.Counter("collection_cut_off").Value.ShouldBe(1);

        clock.Restart();
        using (var second = await runner.CollectAsync(TestContext.Current.CancellationToken))
        {
            clock.Elapsed.ShouldBeLessThan(Short, "a collector that still hangs is not waited for again");
            hanging.Calls.ShouldBe(1);
            Value(second, MetricCatalog.CollectorSuccess, "stuck").ShouldBe(0);
            Value(second, MetricCatalog.Lost, "good").ShouldBe(2);
        }
        losses.Counter("collection_cut_off").Value.ShouldBe(1, "the round it was skipped in is not another one cut off");

        Volatile.Write(ref hangs, false);
        release.Set();
        released.TrySetResult();
        await EventuallyAsync(async () =>
        {
            using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);
            // Exactly its second call's point: that of the cut-off call must not turn up beside it.
            return hanging.Calls >= 2 && Value(lease, MetricCatalog.Lost, "stuck") == hanging.Calls && Value(lease, MetricCatalog.CollectorSuccess, "stuck") == 1;
        });
        log.Lines.Count(each => each.Contains("collector stuck failed: no answer within 0.2 s")).ShouldBe(1);
        log.Lines.Count(each => each.Contains("collector stuck works again")).ShouldBe(1);
    }

    [Fact]
    public async Task CollectAsync_OneHangs_ItsTokenIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        var runner = Runner(Short, TimeProvider.System, new ScriptedCollector("polite", async token =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => cancelled.SetResult(), TaskScheduler.Default);
            return CollectResult.Ok;
        }));

        using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task CollectAsync_AgentStops_EndsSoonAndThrows()
    {
        using var stopping = new CancellationTokenSource();
        var runner = Runner(TimeSpan.FromSeconds(60), TimeProvider.System, new ScriptedCollector("deaf", async _ =>
        {
            await stopping.CancelAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), CancellationToken.None);
            return CollectResult.Ok;
        }));
        var clock = Stopwatch.StartNew();

        await Should.ThrowAsync<OperationCanceledException>(() => runner.CollectAsync(stopping.Token));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task CollectAsync_KeepsFailing_LogsOnceAMinuteHoweverTheTextVaries()
    {
        var time = new ManualTime();
        var fails = true;
        var calls = 0;
        var runner = Runner(Short, time, new ScriptedCollector("flaky", _ => new(fails ? CollectResult.Failed($"attempt {++calls} refused") : CollectResult.Ok)));

        for (var second = 0; second < 130; second += 10)
        {
            (await runner.CollectAsync(TestContext.Current.CancellationToken)).Dispose();
            time.Advance(TimeSpan.FromSeconds(10));
        }
        fails = false;
        (await runner.CollectAsync(TestContext.Current.CancellationToken)).Dispose();
        (await runner.CollectAsync(TestContext.Current.CancellationToken)).Dispose();

        log.Lines.ShouldBe(
        [
            "Warning: collector flaky failed: attempt 1 refused (failures in a row: 1)",
            "Warning: collector flaky failed: attempt 7 refused (failures in a row: 7)",
            "Warning: collector flaky failed: attempt 13 refused (failures in a row: 13)",
            "Information: collector flaky works again (failures before: 13)",
        ]);
    }

    [Fact]
    public async Task CollectAsync_NothingToCollect_SucceedsAndSaysSoOnce()
    {
        var runner = Runner(Short, TimeProvider.System, new ScriptedCollector("docker", _ => new(CollectResult.NoData("no dockerd"))));

        using (var lease = await runner.CollectAsync(TestContext.Current.CancellationToken))
            Value(lease, MetricCatalog.CollectorSuccess, "docker").ShouldBe(1);
        (await runner.CollectAsync(TestContext.Current.CancellationToken)).Dispose();

        log.Lines.ShouldBe(["Information: collector docker has nothing to collect: no dockerd"]);
        runner.Status.ShouldHaveSingleItem().Level.ShouldBe(StatusLevel.Absent);
    }

    [Fact]
    public async Task CollectAsync_Histogram_IsCopiedCellByCell()
    {
        var cells = Enumerable.Range(0, ExponentialLayout.Cells).Select(each => (ulong)each).ToArray();
        var runner = new CollectorRunner([new HistogramCollector(cells)], MetricCatalog.All, Host, Short, losses, TimeProvider.System, log);

        using var lease = await runner.CollectAsync(TestContext.Current.CancellationToken);

        var point = lease.Snapshot.Families.Single(each => each.Metric == MetricCatalog.RunqueueWait).Points[0];
        lease.Snapshot.CellsOf(point).ToArray().ShouldBe(cells);
        point.Value.ShouldBe(12.5);
        point.Count.ShouldBe(137ul * 138 / 2);
    }

    [Fact]
    public async Task CollectAsync_ManySeries_AllocatesNothingPerSeries()
    {
        const int Rounds = 20;
        var few = await AllocatedPerRoundAsync(series: 10, Rounds);
        var many = await AllocatedPerRoundAsync(series: 30_000, Rounds);

        // 29,990 series more may not even cost a byte each; the slack is for what the thread pool does meanwhile.
        (many - few).ShouldBeLessThan(16_384, $"{few} bytes a round with 10 series, {many} with 30,000");
    }

    [Fact]
    public void Status_PartThrows_IsARowAndNotAnException()
    {
        var runner = Runner(Short, TimeProvider.System, new ScriptedCollector("odd", _ => new(CollectResult.Ok)) { Status = Throwing() });

        runner.Status.Select(each => (each.Component, each.Level)).ShouldBe([("collector odd", StatusLevel.Ok), ("odd", StatusLevel.Failed)]);

        static IEnumerable<ComponentStatus> Throwing()
        {
            yield return new ComponentStatus("first", StatusLevel.Ok, "fine");
            throw new InvalidOperationException("gone");
        }
    }

    private async Task<long> AllocatedPerRoundAsync(int series, int rounds)
    {
        var collector = new ManySeriesCollector(series);
        var runner = new CollectorRunner([collector], MetricCatalog.All, Host, TimeSpan.FromSeconds(30), losses, TimeProvider.System, log);
        for (var warmUp = 0; warmUp < 5; warmUp++)
            (await runner.CollectAsync(CancellationToken.None)).Dispose();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var round = 0; round < rounds; round++)
            (await runner.CollectAsync(CancellationToken.None)).Dispose();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / rounds;
    }

    private CollectorRunner Runner(TimeSpan timeout, TimeProvider time, params ICollector[] collectors) =>
        new(collectors, MetricCatalog.All, Host, timeout, losses, time, log);

    private static double? Value(MetricSnapshot.Lease lease, MetricDescriptor metric, string label)
    {
        double? found = null;
        foreach (var point in lease.Snapshot.Families.Single(each => each.Metric == metric).Points)
        {
            if (point.Series.Labels[0].Value != label)
                continue;
            found.ShouldBeNull($"{metric} of {label} appears twice");
            found = point.Value;
        }
        return found;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await condition())
                return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        false.ShouldBeTrue("the condition did not come true within 5 s");
    }

    private sealed class HistogramCollector(ulong[] cells) : ICollector
    {
        private readonly Series series = new(MetricCatalog.RunqueueWait, Host, 0, []);

        public string Name => "histogram";

        public IEnumerable<ComponentStatus> Status => [];

        public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
        {
            builder.AddHistogram(series, 12.5, (ulong)cells.Sum(each => (long)each), cells);
            return new(CollectResult.Ok);
        }
    }

    private sealed class ManySeriesCollector(int count) : ICollector
    {
        private readonly Series[] series = [.. Enumerable.Range(0, count).Select(each => new Series(MetricCatalog.Lost, Host, 0, [$"r{each}"]))];

        public string Name => "many";

        public IEnumerable<ComponentStatus> Status => [];

        public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
        {
            foreach (var each in series)
                builder.Add(each, 1);
            return new(CollectResult.Ok);
        }
    }
}
