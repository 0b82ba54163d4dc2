using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Observe.Agent.Export.Otlp;

namespace Observe.Agent.Tests.Otlp;

public sealed class OtlpExporterGrpcTests
{
    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    public async Task Export_ReceiverUp_IsAUnaryCall(OtlpCompression compression)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true);
        var options = Running.Options(receiver.Url(), grpc: true) with { Compression = compression, Headers = [new("X-Tenant", "a")], Timeout = TimeSpan.FromSeconds(7) };
        await using var running = await Running.StartAsync(options, new CountingSource(extraSeries: 500));
        await running.Until(() => running.Status.AcceptedPoints == 501, "delivered");
        var request = receiver.Requests.ShouldHaveSingleItem();
        request.Value.ShouldBe(1);
        request.Path.ShouldBe("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
        request.Headers.ContentType.ToString().ShouldBe("application/grpc");
        request.Headers.TE.ToString().ShouldBe("trailers");
        request.Headers["grpc-timeout"].ToString().ShouldBe("7000m");
        request.Headers["x-tenant"].ToString().ShouldBe("a");
        request.Headers["grpc-encoding"].ToString().ShouldBe(compression == OtlpCompression.Gzip ? "gzip" : "");
        if (compression == OtlpCompression.Gzip)
            request.Message.CalculateSize().ShouldBeGreaterThan(5 * request.WireBytes);
    }

    [Theory]
    [InlineData(1, "cancelled")]
    [InlineData(4, "deadline_exceeded")]
    [InlineData(10, "aborted")]
    [InlineData(11, "out_of_range")]
    [InlineData(14, "unavailable")]
    [InlineData(15, "data_loss")]
    public async Task Export_StatusThatMayPass_IsRetried(int code, string name)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true, answer: (context, attempt) =>
            attempt <= 2 ? OtlpReceiver.Status(context, code, trailersOnly: attempt == 1) : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        receiver.Requests.Count.ShouldBe(3);
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { [$"grpc_{name}"] = 2 });
    }

    [Theory]
    [InlineData(2, "unknown")]
    [InlineData(3, "invalid_argument")]
    [InlineData(5, "not_found")]
    [InlineData(7, "permission_denied")]
    [InlineData(8, "resource_exhausted")]
    [InlineData(9, "failed_precondition")]
    [InlineData(12, "unimplemented")]
    [InlineData(13, "internal")]
    [InlineData(16, "unauthenticated")]
    [InlineData(99, "other")]
    public async Task Export_StatusForGood_IsDroppedAndNotRetried(int code, string name)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true, answer: (context, _) => OtlpReceiver.Status(context, code, code % 2 == 0, "because 100% of it"));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true));
        await running.Until(() => running.Status.DroppedPoints == 1, "dropped");
        await Task.Delay(150, TestContext.Current.CancellationToken);
        receiver.Requests.Count.ShouldBe(1);
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { [$"grpc_{name}"] = 1 });
        running.Log.ShouldContain(line => line.Contains("because 100% of it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(14)]
    public async Task Export_RetryInfo_IsHonoured(int code)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true, answer: (context, attempt) =>
            attempt == 1 ? OtlpReceiver.Status(context, code, details: RetryIn(TimeSpan.FromMilliseconds(700))) : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        Stopwatch.GetElapsedTime(receiver.Requests.ElementAt(0).Timestamp, receiver.Requests.ElementAt(1).Timestamp)
            .ShouldBeInRange(TimeSpan.FromMilliseconds(680), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Export_PartialSuccess_CountsRejected()
    {
        OtlpReceiver? self = null;
        await using var receiver = self = await OtlpReceiver.StartAsync(grpc: true, answer: (context, _) =>
            self!.RespondAsync(context, new() { PartialSuccess = new() { RejectedDataPoints = 4, ErrorMessage = "limit" } }));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true), new CountingSource(extraSeries: 9));
        await running.Until(() => running.Status.Failures.ContainsKey("partial_success"), "counted");
        running.Status.AcceptedPoints.ShouldBe(6);
        running.Status.RejectedPoints.ShouldBe(4);
    }

    [Fact]
    public async Task Export_DownThenUp_Delivers()
    {
        var port = OtlpReceiver.FreePort();
        await using var running = await Running.StartAsync(Running.Options(new Uri($"http://127.0.0.1:{port}"), grpc: true));
        await running.Until(() => running.Status.Failures.GetValueOrDefault("connect") >= 2, "failed to connect twice");
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true, port: port);
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
    }

    [Fact]
    public async Task Export_Slow_TimesOutAndRetries()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true, answer: async (context, attempt) =>
        {
            if (attempt == 1)
                await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return attempt == 1;
        });
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true) with { Timeout = TimeSpan.FromMilliseconds(150) });
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { ["timeout"] = 1 });
        receiver.Requests.First().Headers["grpc-timeout"].ToString().ShouldBe("150m");
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(404, false)]
    public async Task Export_ProxyAnswersPlainHttp_IsMapped(int code, bool retried)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true, answer: (context, attempt) => attempt == 1 ? OtlpReceiver.Fail(context, code) : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true));
        await running.Until(() => running.Status.AcceptedPoints + running.Status.DroppedPoints == 1, "decided");
        running.Status.AcceptedPoints.ShouldBe(retried ? 1 : 0);
    }

    [Fact]
    public async Task Export_ToAnHttp1Port_SaysWhatIsWrong()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true));
        await running.Until(() => running.Status.Failures.Count > 0, "failed");
        running.Log.ShouldContain(line => line.Contains("usually 4317", StringComparison.Ordinal), string.Join('\n', running.Log));
    }

    [Fact]
    public async Task Stop_LastExport_HasTheLastValues()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: true);
        await using var running = await Running.StartAsync(Running.Options(receiver.Url(), grpc: true));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        (await running.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        receiver.Requests.Select(r => r.Value).ShouldBe([1, 2]);
    }

    // google.rpc.Status { 3: Any { google.rpc.RetryInfo { 1: Duration } } }
    private static byte[] RetryIn(TimeSpan delay)
    {
        var info = Field(1, Duration.FromTimeSpan(delay));
        return Field(3, new Any { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = ByteString.CopyFrom(info) });
    }

    private static byte[] Field(int number, IMessage message)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteMessage(message);
        output.Flush();
        return stream.ToArray();
    }
}
