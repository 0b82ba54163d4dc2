using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Observe.Agent.Export.Otlp;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

/// <summary>Samples with times of their own: each arrives once, whatever the receiver does; twice, alike, only where it took one and did not say so.</summary>
public sealed class OtlpSamplesTests
{
    private const string Metric = "observe.cpu.time";
    private readonly ConcurrentBag<long> dropped = [];
    private readonly Series[][] sources = [.. Enumerable.Range(0, 20).Select(vm => SeriesOf(new Resource([new("vcenter.vm.name", $"vm-{vm}")], [new("vcenter_vm_name", $"vm-{vm}")])))];
    private ulong rounds;

    private static Series[] SeriesOf(Resource thing) => [.. Enumerable.Range(0, 30).Select(i => new Series(MetricCatalog.CpuTime, thing, 1, [$"{i}", "run"]))];

    private SampleQueue Queue(long maxValues = 10_000_000) => new(maxValues, dropped.Add);

    /// <summary>What the queue is given, and what is to arrive: a value for each series, told from all others.</summary>
    private void AddRound(SampleQueue queue)
    {
        rounds++;
        foreach (var series in sources)
            queue.Add(series, [.. Enumerable.Range(0, series.Length).Select(i => Value(rounds, i))], rounds);
    }

    private static double Value(ulong round, int series) => (1000.0 * round) + series;

    /// <summary>How often each sample was accepted.</summary>
    private static Dictionary<(string Vm, string Cpu, ulong Time), int> Arrived(IEnumerable<OtlpReceiver.Received> requests)
    {
        var arrived = new Dictionary<(string, string, ulong), int>();
        foreach (var resource in requests.SelectMany(request => request.Message.ResourceMetrics))
        {
            foreach (var metric in resource.ScopeMetrics.SelectMany(scope => scope.Metrics).Where(metric => metric.Name == Metric))
            {
                foreach (var point in metric.Sum.DataPoints)
                {
                    var cpu = point.Attributes.Single(each => each.Key == "cpu").Value.StringValue;
                    point.AsDouble.ShouldBe(Value(point.TimeUnixNano, int.Parse(cpu)));
                    var key = (resource.Resource.Attributes.Single(each => each.Key == "vcenter.vm.name").Value.StringValue, cpu, point.TimeUnixNano);
                    arrived[key] = arrived.GetValueOrDefault(key) + 1;
                }
            }
        }
        return arrived;
    }

    private void ShouldAllHaveArrivedOnce(IEnumerable<OtlpReceiver.Received> requests)
    {
        var arrived = Arrived(requests);
        arrived.Count.ShouldBe((int)rounds * 20 * 30);
        arrived.Values.ShouldAllBe(times => times == 1);
        dropped.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_ReceiverUp_EachSampleArrivesOnce(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc) with { Interval = TimeSpan.FromMilliseconds(20) }, queue: queue);
        for (var i = 0; i < 30; i++)
        {
            AddRound(queue);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await running.Until(() => queue.Waiting == 0, "delivered");
        await running.StopAsync();
        ShouldAllHaveArrivedOnce(receiver.Requests);
        running.Status.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Export_ReceiverDownForThirtyRounds_ThenEachSampleArrivesOnce()
    {
        var down = false;
        var accepted = new ConcurrentQueue<OtlpReceiver.Received>();
        OtlpReceiver? self = null;
        await using var receiver = self = await OtlpReceiver.StartAsync(answer: async (context, attempt) =>
        {
            if (Volatile.Read(ref down))
                return await OtlpReceiver.Fail(context, 503);
            accepted.Enqueue(self!.Requests.ElementAt(attempt - 1));
            return false;
        });
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(20), MaxRequestBytes = 100_000 }, queue: queue);
        for (var i = 0; i < 5; i++)
            AddRound(queue);
        await running.Until(() => queue.Waiting == 0, "delivered");
        Volatile.Write(ref down, true);
        for (var i = 0; i < 30; i++)
        {
            AddRound(queue);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await running.Until(() => running.Status.Failures.GetValueOrDefault("http_503") > 5, "refused");
        queue.Waiting.ShouldBe(30 * 20 * 30);
        running.Status.SupersededSnapshots.ShouldBeGreaterThan(0, "snapshots do not wait");
        Volatile.Write(ref down, false);
        await running.Until(() => queue.Waiting == 0, "delivered after all");
        await running.StopAsync();
        ShouldAllHaveArrivedOnce(accepted);
    }

    [Fact]
    public async Task Export_ReceiverTookItButDidNotSaySo_IsSentAgainAlike()
    {
        // Not the snapshot, which comes first: only what has samples in it.
        OtlpReceiver? self = null;
        var unheard = 0;
        await using var receiver = self = await OtlpReceiver.StartAsync(answer: async (context, attempt) =>
        {
            if (Arrived([self!.Requests.ElementAt(attempt - 1)]).Count == 0 || Interlocked.Increment(ref unheard) > 1)
                return false;
            await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Timeout = TimeSpan.FromMilliseconds(300), Interval = TimeSpan.FromMilliseconds(50) }, queue: queue);
        AddRound(queue);
        await running.Until(() => queue.Waiting == 0, "delivered");
        await running.StopAsync();
        var requests = receiver.Requests.Where(each => Arrived([each]).Count > 0).ToList();
        requests.Count.ShouldBe(2);
        requests[0].Message.ShouldBe(requests[1].Message);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public async Task Export_RefusedForGood_IsCountedAndDoesNotBlockWhatFollows(int code)
    {
        OtlpReceiver? self = null;
        var refused = 0;
        await using var receiver = self = await OtlpReceiver.StartAsync(answer: (context, attempt) =>
            Arrived([self!.Requests.ElementAt(attempt - 1)]).Count > 0 && Interlocked.Increment(ref refused) == 1 ? OtlpReceiver.Fail(context, code) : Task.FromResult(false));
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(20) }, queue: queue);
        AddRound(queue);
        await running.Until(() => queue.Waiting == 0, "given up");
        running.Status.DroppedPoints.ShouldBe(600);
        AddRound(queue);
        await running.Until(() => queue.Waiting == 0, "delivered");
        await running.StopAsync();
        Arrived(receiver.Requests.Skip(1)).Keys.Select(key => key.Time).Distinct().Order().ShouldBe([1UL, 2UL]);
        running.Status.DroppedPoints.ShouldBe(600);
    }

    [Fact]
    public async Task Export_PartialSuccess_IsCountedAndNotSentAgain()
    {
        OtlpReceiver? self = null;
        await using var receiver = self = await OtlpReceiver.StartAsync(answer: (context, attempt) =>
            Arrived([self!.Requests.ElementAt(attempt - 1)]).Count > 0
                ? self!.RespondAsync(context, new() { PartialSuccess = new() { RejectedDataPoints = 7, ErrorMessage = "too old" } })
                : Task.FromResult(false));
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(20) }, queue: queue);
        AddRound(queue);
        await running.Until(() => queue.Waiting == 0, "taken in part");
        await running.StopAsync();
        running.Status.RejectedPoints.ShouldBe(7);
        Arrived(receiver.Requests).Values.ShouldAllBe(times => times == 1);
    }

    [Fact]
    public async Task Stop_SamplesWait_TheLastExportHasThem()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()), queue: queue);
        await running.Until(() => running.Status.AcceptedPoints > 0, "the first snapshot was delivered");
        AddRound(queue);
        await running.StopAsync();
        ShouldAllHaveArrivedOnce(receiver.Requests);
    }

    [Fact]
    public async Task Stop_ReceiverIsDown_SamplesThatAreLostAreCountedAndTold()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, 503));
        var queue = Queue();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()), queue: queue);
        await running.Until(() => running.Status.Failures.ContainsKey("http_503"), "it was refused");
        AddRound(queue);
        running.Status.DroppedPoints.ShouldBeLessThan(600);
        await running.StopAsync();
        running.Status.DroppedPoints.ShouldBeInRange(600, 610);
        running.Log.ShouldContain(line => line.StartsWith("Warning") && line.Contains("before the receiver has taken 600 data points of samples"));
    }

    [Fact]
    public async Task Export_NoEndpoint_KeepsNothing()
    {
        var queue = Queue();
        await using var running = await Running.StartAsync(new OtlpOptions { FirstExportWithin = TimeSpan.Zero }, queue: queue);
        AddRound(queue);
        queue.IsOpen.ShouldBeFalse();
        queue.Waiting.ShouldBe(0);
    }
}
