using System.Diagnostics;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using Observe.Agent.Export.Otlp;
using Observe.Agent.Tests.Otlp;
using Observe.Collectors.Traces;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;
using Observe.Tests;

namespace Observe.Agent.Tests.Traces;

/// <summary>Spans over both protocols, decoded with the official types; receivers that are down, refuse, hang.</summary>
public sealed class SpanExporterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_ASpan_IsOnTheWireAsItIs(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        var options = RunningSpans.Options(receiver.Url(), grpc) with { Headers = [new("x-key", "geheim, mit=Zeichen")], ResourceAttributes = [new("deployment", "a"), new("host.name", "no")], ServiceName = "mine" };
        await using var running = await RunningSpans.StartAsync(options);
        var parent = ActivitySpanId.CreateFromString("00000000000000ff");
        var linked = new SpanLink(ActivityTraceId.CreateFromString($"{9:x32}"), ActivitySpanId.CreateFromString($"{8:x16}"), SpanLink.Overlaps);
        running.Buffer.Offer(new ObservedSpan(
            SpanCatalog.StallWait, ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"), ActivitySpanId.CreateFromString("b7ad6b7169203331"), parent,
            new UtcInterval(RunningSpans.Origin + 1000, RunningSpans.Origin + 3050), new UtcInterval(RunningSpans.Origin + 900_000, RunningSpans.Origin + 1_100_000),
            [new("thread.name", "worker"), new("thread.id", 42L), new("observe.stall.culprits", new[] { "a", "b" }), new("observe.stall.culprit.shares", new[] { 0.75, 0.25 }), new("observe.correction", true)])
        { IsError = true, Problem = "went wrong", Links = [linked] });
        await running.Until(() => running.Status.Accepted == 1, "the span arrives");

        var request = receiver.SpanRequests.ShouldHaveSingleItem();
        request.Path.ShouldBe(grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces");
        request.Headers["x-key"].ToString().ShouldBe("geheim, mit=Zeichen");
        var resource = request.Message.ResourceSpans.ShouldHaveSingleItem();
        resource.Resource.Attributes.ToDictionary(each => each.Key, each => each.Value.StringValue).ShouldBe(
            new Dictionary<string, string> { ["service.name"] = "mine", ["host.name"] = "here", ["deployment"] = "a" }, ignoreOrder: true);
        var scope = resource.ScopeSpans.ShouldHaveSingleItem();
        scope.Scope.Name.ShouldBe("observe");
        var span = scope.Spans.ShouldHaveSingleItem();
        Hex(span.TraceId).ShouldBe("0af7651916cd43dd8448eb211c80319c");
        Hex(span.SpanId).ShouldBe("b7ad6b7169203331");
        Hex(span.ParentSpanId).ShouldBe("00000000000000ff");
        span.Name.ShouldBe("stall.wait");
        span.Kind.ShouldBe(Span.Types.SpanKind.Internal);
        span.StartTimeUnixNano.ShouldBe((ulong)RunningSpans.Origin + 2000);
        span.EndTimeUnixNano.ShouldBe((ulong)RunningSpans.Origin + 1_000_100);
        span.Status.Code.ShouldBe(OpenTelemetry.Proto.Trace.V1.Status.Types.StatusCode.Error);
        span.Status.Message.ShouldBe("went wrong");
        var link = span.Links.ShouldHaveSingleItem();
        (Hex(link.TraceId), Hex(link.SpanId)).ShouldBe(($"{9:x32}", $"{8:x16}"));
        link.Attributes.ShouldHaveSingleItem().Value.StringValue.ShouldBe("overlaps");
        var attributes = span.Attributes.ToDictionary(each => each.Key, each => each.Value);
        attributes["thread.name"].StringValue.ShouldBe("worker");
        attributes["thread.id"].IntValue.ShouldBe(42);
        attributes["observe.correction"].BoolValue.ShouldBeTrue();
        attributes["observe.stall.culprits"].ArrayValue.Values.Select(each => each.StringValue).ShouldBe(["a", "b"]);
        attributes["observe.stall.culprit.shares"].ArrayValue.Values.Select(each => each.DoubleValue).ShouldBe([0.75, 0.25]);
        Times(attributes).ShouldBe([RunningSpans.Origin + 1000, RunningSpans.Origin + 3050, RunningSpans.Origin + 900_000, RunningSpans.Origin + 1_100_000]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_Compressed_IsTheSame(bool grpc)
    {
        // The receiver unpacks what is said to be packed, and fails where that is not so.
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url(), grpc) with { Compression = OtlpCompression.Gzip });
        running.Offer(600);
        await running.Until(() => running.Status.Accepted == 600, "they arrive");
        receiver.SpanRequests.ShouldAllBe(each => each.Headers[grpc ? "grpc-encoding" : "Content-Encoding"] == "gzip");
        receiver.SpanRequests.ShouldAllBe(each => each.Headers.ContentLength < each.Message.CalculateSize() / 3);
        receiver.Spans.Select(each => Hex(each.SpanId)).ShouldBe(Enumerable.Range(0, 600).Select(each => $"{each + 1:x16}"));
    }

    [Fact]
    public async Task Export_ARootWithATraceOfItsOwn_HasNoParent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url()));
        running.Offer(1);
        await running.Until(() => running.Status.Accepted == 1, "the span arrives");
        var span = receiver.Spans.ShouldHaveSingleItem();
        span.ParentSpanId.Length.ShouldBe(0);
        Hex(span.TraceId).ShouldBe($"{7:x32}");
        span.Status.ShouldBeNull();
        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public async Task Export_Many_AreAllSentOnceAndInOrder()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url()), capacity: 5000);
        running.Offer(3000);
        await running.Until(() => running.Status.Accepted == 3000, "all arrive");
        receiver.Spans.Select(each => Hex(each.SpanId)).ShouldBe(Enumerable.Range(0, 3000).Select(each => $"{each + 1:x16}"));
        receiver.SpanRequests.Count.ShouldBe(6);
        running.Dropped.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receiver_BusyAtFirst_IsAskedAgainWithTheSame(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc, (context, attempt) => attempt > 3 ? Task.FromResult(false) : grpc ? OtlpReceiver.Status(context, 14) : OtlpReceiver.Fail(context, 503));
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url(), grpc));
        running.Offer(3);
        await running.Until(() => running.Status.Accepted == 3, "they arrive");
        receiver.SpanRequests.Count.ShouldBe(4);
        receiver.SpanRequests.ShouldAllBe(each => each.Message.Equals(receiver.SpanRequests.First().Message));
        running.Log.ShouldContain(each => each.Contains(grpc ? "grpc_unavailable" : "http_503"));
    }

    [Fact]
    public async Task Receiver_TakesMetricsOnly_IsGivenUpWithARemedy()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, 404));
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url()));
        running.Offer(2);
        await running.Until(() => running.Status.Dropped == 2, "they are given up");
        running.Status.Component.Detail.ShouldContain("traces.enabled");
        receiver.SpanRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Receiver_RefusesForLong_IsAskedSeldomAndToldOfOnce()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, 404));
        var time = new ManualTime();
        await using var running = await RunningSpans.StartAsync(
            RunningSpans.Options(receiver.Url()) with { RetryInitialDelay = TimeSpan.FromSeconds(1), RetryMaxDelay = TimeSpan.FromSeconds(30) }, capacity: 10_000, time);
        for (var second = 0; second < 600; second++)
        {
            running.Offer(3);
            await Pass(running, time, TimeSpan.FromSeconds(1));
        }
        // 1, 2, 4, 8, 16 s and then 30, each shortened by up to a half: not once for each span, nor each second.
        receiver.SpanRequests.Count.ShouldBeInRange(10, 60);
        running.Log.Count(each => each.Contains("404")).ShouldBe(1);
        (running.Status.Dropped + running.Buffer.Count + running.Dropped).ShouldBeInRange(1800 - 512, 1800);
    }

    [Fact]
    public async Task Receiver_RejectsSome_IsCounted()
    {
        OtlpReceiver? self = null;
        await using var receiver = self = await OtlpReceiver.StartAsync(
            answer: (context, _) => self!.RespondWithAsync(context, new ExportTraceServiceResponse { PartialSuccess = new() { RejectedSpans = 2, ErrorMessage = "too old" } }));
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url()));
        running.Offer(5);
        await running.Until(() => running.Status.Accepted == 3, "they are counted");
        running.Status.Rejected.ShouldBe(2);
        running.Status.Component.Detail.ShouldContain("too old");
    }

    /// <summary>With pauses of 20 to 40 ms instead of 1 to 30 s: some hundred attempts, as in an outage of ten minutes and more.</summary>
    [Fact]
    public async Task Receiver_DownForLong_IsBoundedCountedAndRecoveredFrom()
    {
        const int Capacity = 1000, Offered = 50_000;
        var port = OtlpReceiver.FreePort();
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(new Uri($"http://127.0.0.1:{port}")), Capacity);
        for (var i = 0; i < Offered; i++)
        {
            running.Buffer.Offer(RunningSpans.Span(i));
            if (i % 500 == 0)
                await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await running.Until(() => running.Log.Any(each => each.Contains("connect")), "it is said");
        running.Buffer.Count.ShouldBe(Capacity);
        running.Status.Accepted.ShouldBe(0);

        await using var receiver = await OtlpReceiver.StartAsync(port: port);
        await running.Until(() => running.Status.Accepted + running.Dropped == Offered && running.Buffer.Count == 0, "it recovers");
        // What waited, and the batch that was under way.
        running.Status.Accepted.ShouldBeInRange(Capacity + 1, Capacity + 512);
        var ids = receiver.Spans.Select(each => Convert.ToInt64(Hex(each.SpanId), 16)).ToList();
        ids.ShouldBeUnique();
        ids[^1].ShouldBe(Offered);
        running.Status.Component.Level.ShouldBe(Observe.Collectors.StatusLevel.Ok);
    }

    /// <summary>Ten minutes with the pauses and the room that a user has, 100 spans a second, in simulated time; connections are refused for real.</summary>
    [Fact]
    public async Task Receiver_DownForTenMinutes_CostsNoMoreThanItsRoomAndNothingUncounted()
    {
        const int Capacity = 4096, Seconds = 600, Each = 100, Offered = Seconds * Each;
        var port = OtlpReceiver.FreePort();
        var time = new ManualTime();
        await using var running = await RunningSpans.StartAsync(
            new OtlpOptions { Signal = OtlpSignal.Traces, Endpoint = new Uri($"http://127.0.0.1:{port}") }, Capacity, time);
        var made = 0;
        var before = 0L;
        for (var second = 0; second < Seconds; second++)
        {
            for (var i = 0; i < Each; i++)
                running.Buffer.Offer(RunningSpans.Span(made++));
            await Pass(running, time, TimeSpan.FromSeconds(1));
            running.Buffer.Count.ShouldBeLessThanOrEqualTo(Capacity);
            if (second == Seconds / 5)
                before = GC.GetTotalMemory(forceFullCollection: true);
        }
        // Full since then: what came more has cost nothing.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(4_000_000);
        running.Status.Accepted.ShouldBe(0);
        running.Status.Dropped.ShouldBe(0);
        // What waits, and the one request that is tried again and again.
        var held = Offered - running.Dropped;
        held.ShouldBeInRange(Capacity, Capacity + 512);
        running.Log.Count(each => each.Contains("failed")).ShouldBeInRange(8, 11, "once a minute");

        await using var receiver = await OtlpReceiver.StartAsync(port: port);
        for (var second = 0; second < 120 && running.Buffer.Count > 0; second++)
            await Pass(running, time, TimeSpan.FromSeconds(1));
        // The last of them are under way.
        await running.Until(() => running.Status.Accepted + running.Dropped == Offered, "all that were made were sent or counted");
        var ids = receiver.Spans.Select(each => Convert.ToInt64(Hex(each.SpanId), 16)).ToList();
        ids.Count.ShouldBe((int)held);
        ids.ShouldBeUnique();
        ids[^Capacity..].ShouldBe(Enumerable.Range(Offered - Capacity + 1, Capacity).Select(each => (long)each), "the latest are kept");
        running.Status.Component.Level.ShouldBe(Observe.Collectors.StatusLevel.Ok);
    }

    [Fact]
    public async Task Check_TriesTheReceiverOfSpans()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var row = await OtlpProbe.RunAsync(RunningSpans.Options(receiver.Url()), TimeProvider.System, TestContext.Current.CancellationToken);
        (row.Component, row.Level).ShouldBe(("trace receiver", Observe.Collectors.StatusLevel.Ok));
        receiver.SpanRequests.ShouldHaveSingleItem().Message.ResourceSpans.ShouldBeEmpty();

        await using var ofMetrics = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, 404));
        row = await OtlpProbe.RunAsync(RunningSpans.Options(ofMetrics.Url()), TimeProvider.System, TestContext.Current.CancellationToken);
        row.Level.ShouldBe(Observe.Collectors.StatusLevel.Degraded);
        row.Detail.ShouldContain("404");
        row.Remedy!.ShouldContain("traces.enabled");
        (await OtlpProbe.RunAsync(new OtlpOptions { Signal = OtlpSignal.Traces }, TimeProvider.System, TestContext.Current.CancellationToken)).Level.ShouldBe(Observe.Collectors.StatusLevel.Absent);
    }

    /// <summary>Time passes; what that sets off on other threads is waited for: then the exporter pauses again, or has nothing to send.</summary>
    private static Task Pass(RunningSpans running, ManualTime time, TimeSpan by)
    {
        time.Advance(by);
        return running.Until(() => time.Pending > 0 || running.Buffer.Count == 0, "it pauses");
    }

    [Fact]
    public async Task Stop_WithAReceiverThatHangs_EndsInTimeAndCountsWhatIsLeft()
    {
        using var ending = new CancellationTokenSource();
        await using var receiver = await OtlpReceiver.StartAsync(answer: async (_, _) =>
        {
            await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        });
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url()));
        running.Offer(700);
        await running.Until(() => !receiver.SpanRequests.IsEmpty, "a request is under way");
        (await running.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        running.Status.Dropped.ShouldBe(700);
        running.Log.ShouldContain(each => each.Contains("700 spans"));
        await ending.CancelAsync();
    }

    [Fact]
    public async Task Stop_WithAReceiver_SendsWhatIsOverByThen()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await RunningSpans.StartAsync(RunningSpans.Options(receiver.Url()));
        running.AtTheEnd = buffer => buffer.Offer(RunningSpans.Span(4));
        running.Offer(1);
        await running.Until(() => running.Status.Accepted == 1, "it runs");
        await running.StopAsync();
        Hex(receiver.Spans.Last().SpanId).ShouldBe($"{5:x16}");
        running.Status.Accepted.ShouldBe(2);
    }

    [Fact]
    public void Options_OfTraces_AreTheMetricsButForTheirOwn()
    {
        Read(new() { Endpoint = new Uri("http://a:1/x"), Timeout = TimeSpan.FromSeconds(3) }, new()).Target!.AbsoluteUri.ShouldBe("http://a:1/x/v1/traces");
        Read(new() { Endpoint = new Uri("http://a:1") }, new() { Endpoint = new Uri("http://b:2") }).Target!.AbsoluteUri.ShouldBe("http://b:2/v1/traces");
        Read(new() { Endpoint = new Uri("http://a:1") }, new() { Enabled = false }).Enabled.ShouldBeFalse();
        Read(new() { Endpoint = new Uri("http://a:1"), Protocol = "grpc" }, new()).Target!.AbsoluteUri.ShouldBe("http://a:1/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        Read(new(), new(), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t/own")).Target!.AbsoluteUri.ShouldBe("http://t/own");
        Read(new(), new(), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://t"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://m")).Target!.AbsoluteUri.ShouldBe("http://t/v1/traces");
        Read(new() { Endpoint = new Uri("http://a:1") }, new(), ("OTEL_TRACES_EXPORTER", "none")).Enabled.ShouldBeFalse();
        Read(new() { Endpoint = new Uri("http://a:1") }, new(), ("OTEL_METRICS_EXPORTER", "none")).Enabled.ShouldBeTrue();
        Read(new() { Endpoint = new Uri("http://a:1") }, new(), ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "k=v"), ("OTEL_EXPORTER_OTLP_HEADERS", "k=w")).Headers.ShouldBe([new("k", "v")]);
        new OtlpOptions { Signal = OtlpSignal.Traces, Endpoint = new Uri("http://a:1") }.ToString().ShouldBe("http/protobuf to http://a:1");
    }

    private static OtlpOptions Read(Observe.Agent.Configuration.Options.OtlpFileOptions file, Observe.Agent.Configuration.Options.TracesOptions traces, params (string Name, string Value)[] variables)
    {
        var errors = new List<string>();
        var options = OtlpOptions.FromEnvironment(OtlpOptions.FromFile(file, traces), name => variables.FirstOrDefault(each => each.Name == name).Value, errors);
        errors.ShouldBeEmpty();
        return options;
    }

    private static long[] Times(Dictionary<string, AnyValue> attributes) =>
        [.. new[] { "observe.time.earliest", "observe.time.begin.latest", "observe.time.end.earliest", "observe.time.latest" }.Select(each => attributes[each].IntValue)];

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
