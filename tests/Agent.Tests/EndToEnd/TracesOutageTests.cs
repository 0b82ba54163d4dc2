using System.Diagnostics;
using System.Globalization;
using Observe.Agent.Tests.Incidents.Payload;
using Observe.Agent.Tests.Otlp;
using Observe.Kernel.Tests.Harness;
using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>The agent as it is run, with real stalls all the time, and a receiver that is not there, then takes requests and answers none, then is well.</summary>
/// <param name="notes">Where numbers go.</param>
public sealed class TracesOutageTests(ITestOutputHelper notes)
{
    /// <summary>Room for what was held on the heap, and for a heap that was not tidied up yet. Each span that waits takes some 2 kB.</summary>
    private const long Slack = 64 << 20;

    private const long PerSpan = 4096;

    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(Bed.Seconds(4, 4, 480));
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(Bed.Seconds(2, 2, 120));

    /// <summary>The pauses between attempts double, up to 30 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>From the last stall to its span's acceptance: some seconds.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    private readonly int capacity = Bed.Long ? 8192 : 200;
    private long mostResident;
    private double mostWaiting;

    [Fact]
    public async Task Run_ReceiverGoneThenHangingThenBack_IsBoundedCountedToTheLastOneAndRecovers()
    {
        BuiltAgent.SkipUnlessUsable();
        Assert.SkipWhen(Bed.Missing() is not null, Bed.Missing() ?? "");
        var port = OtlpReceiver.FreePort();
        await using var agent = await BuiltAgent.RunAsync(null, null, Arguments(port));
        await using var group = TestCgroup.Create("outage");
        var before = Resident(agent);
        // Four threads, each kept off a hundred times a second; two hundred stalls a second are told of one cgroup, a fifth of all.
        await using var load = await Load.StartOnAsync(Bed.Cpus - 1, group, "spin", Bed.Text((Refused + Hanging + Patience).TotalSeconds), "--threads", "4");
        group.SetQuota(1_000, 10_000);

        await WatchAsync(agent, Refused);
        var dropped = 0.0;
        await Until.SoAsync("more are told than there is room for", async () => (dropped = Lost(await ReadAsync(agent))) > 0, Patience);
        var isHanging = true;
        using var answer = new CancellationTokenSource();
        await using var receiver = await OtlpReceiver.StartAsync(port: port, answer: async (_, _) =>
        {
            if (!Volatile.Read(ref isHanging))
                return false;
            await Task.Delay(Timeout.Infinite, answer.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        });
        await WatchAsync(agent, Hanging);
        Lost(await ReadAsync(agent)).ShouldBeGreaterThan(dropped);
        Volatile.Write(ref isHanging, false);
        var back = Stopwatch.StartNew();
        await Until.SoAsync("it recovers", async () => Spans(await ReadAsync(agent), "accepted") > 0, Patience);
        var recovered = back.Elapsed;

        group.SetQuota(null);
        // What was told by now has been accepted, or let go of, or waits, in the end; nothing was that was not told.
        var told = Told(await ReadAsync(agent));
        List<TextParser.Sample> last = [];
        await Until.SoAsync("every stall that was told is accepted or counted as lost", async () => Accounted(last = await ReadAsync(agent)) >= told, Patience);
        Accounted(last).ShouldBeLessThanOrEqualTo(Told(await ReadAsync(agent)));
        var isSettled = false;
        for (var clock = Stopwatch.StartNew(); !isSettled && clock.Elapsed < Settling; await Task.Delay(200, TestContext.Current.CancellationToken))
            isSettled = IsSettled(last = await ReadAsync(agent));
        var after = Resident(agent);
        var ids = ExportedPayload.SpansOf(receiver).Select(each => each.SpanId).Distinct().Count();
        notes.WriteLine($"receiver gone for {Refused.TotalSeconds} s, hanging for {Hanging.TotalSeconds} s; well again after {recovered.TotalSeconds:0.0} s");
        notes.WriteLine($"{Told(last)} stalls told, {Spans(last, "accepted")} spans accepted, {Lost(last)} let go of, {(isSettled ? "all of them" : "with others' still to come")}; at most {mostWaiting} of {capacity} waited");
        notes.WriteLine($"resident {before >> 20} MiB before, {mostResident >> 20} at most, {after >> 20} after");

        // Where others on this machine are throttled too, more of their spans come in all the time, and the sums are never at rest.
        if (isSettled)
            ids.ShouldBe((int)Spans(last, "accepted"), "what was tried again is the same span");
        else
            ExportedPayload.SpansOf(receiver).ShouldContain(each => !each.Text("workload")!.StartsWith("observe-test-outage", StringComparison.Ordinal));
        mostWaiting.ShouldBe(capacity);
        (mostResident - before).ShouldBeLessThan((capacity * PerSpan) + Slack);
        (after - before).ShouldBeLessThan(Slack);
        (await agent.StopAsync()).Code.ShouldBe(0);
        await answer.CancelAsync();
    }

    /// <summary>Only what is throttled is told, and pushed: but for others who are too, no other stall of this machine is in the sums.</summary>
    private static string[] Settings { get; } =
        ["traces.perSecond=1000", "traces.thresholds.throttle=1ms", "traces.thresholds.wait=1m", "traces.thresholds.blocked=1m", "traces.thresholds.exit=1m", "traces.thresholds.stopped=1m", "collectors.docker.enabled=false", "otlp.timeout=1s", "otlp.interval=5s"];

    private string[] Arguments(int port) =>
        [.. ((string[])[.. Settings, $"otlp.endpoint=http://127.0.0.1:{port}", $"traces.maxSpans={capacity}"]).SelectMany(each => new[] { "--set", each })];

    private async Task WatchAsync(BuiltAgent agent, TimeSpan span)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < span;)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
            var waiting = One(await ReadAsync(agent), "observe_trace_spans_waiting");
            waiting.ShouldBeLessThanOrEqualTo(capacity);
            mostWaiting = Math.Max(mostWaiting, waiting);
            mostResident = Math.Max(mostResident, Resident(agent));
        }
    }

    private static double Accounted(List<TextParser.Sample> samples) => Spans(samples, "accepted") + Lost(samples) + One(samples, "observe_trace_spans_waiting");

    private static bool IsSettled(List<TextParser.Sample> samples) =>
        One(samples, "observe_trace_spans_waiting") == 0 && Told(samples) == Spans(samples, "accepted") + Lost(samples);

    private static double Told(List<TextParser.Sample> samples) => samples.Where(each => each.Name == "observe_stalls_total" && each.Labels["outcome"] == "told").Sum(each => each.Value);

    private static double Spans(List<TextParser.Sample> samples, string outcome) => One(samples, "observe_trace_spans_total", ("outcome", outcome));

    private static double Lost(List<TextParser.Sample> samples) => One(samples, "observe_lost_total", ("reason", "trace_span_dropped"));

    private static double One(List<TextParser.Sample> samples, string name, params (string Name, string Value)[] labels) =>
        samples.Single(each => each.Name == name && labels.All(label => each.Labels.GetValueOrDefault(label.Name) == label.Value)).Value;

    private static async Task<List<TextParser.Sample>> ReadAsync(BuiltAgent agent) => [.. TextParser.Parse((await agent.GetAsync("/metrics", "text/plain; version=0.0.4")).Body).Samples];

    /// <summary>Bytes.</summary>
    private static long Resident(BuiltAgent agent) =>
        long.Parse(File.ReadLines($"/proc/{agent.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
}
