using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Observe.Agent.Export.Otlp;

namespace Observe.Agent.Tests.Otlp;

public sealed class OtlpExporterHttpTests
{
    [Fact]
    public async Task Export_ReceiverUp_DeliversOfficialProtobuf()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        var request = receiver.Requests.ShouldHaveSingleItem();
        request.Value.ShouldBe(1);
        request.Path.ShouldBe("/v1/metrics");
        request.Headers.ContentType.ToString().ShouldBe("application/x-protobuf");
        request.Headers.ContentEncoding.ToString().ShouldBeEmpty();
        request.Headers.UserAgent.ToString().ShouldStartWith("observe/");
        request.Headers.ShouldNotContainKey("traceparent");
        running.Status.SentBytes.ShouldBe(request.WireBytes);
        running.Status.Failures.ShouldBeEmpty();
        (DateTimeOffset.UtcNow - running.Status.LastSuccess!.Value).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Export_MetricsEndpoint_IsUsedAsItIs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await Running.StartAsync(Running.Options(new Uri("http://127.0.0.1:9")) with { SignalEndpoint = new Uri(receiver.Url(), "/custom?tenant=a") });
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        receiver.Requests.ShouldHaveSingleItem().Path.ShouldBe("/custom");
    }

    [Fact]
    public async Task Export_ReceiverDownThenUp_Delivers()
    {
        var port = OtlpReceiver.FreePort();
        await using var running = await Running.StartAsync(Running.Options(new Uri($"http://127.0.0.1:{port}")));
        await running.Until(() => running.Status.Failures.GetValueOrDefault("connect") >= 2, "failed to connect twice");
        running.Status.Component.Level.ShouldBe(Observe.Collectors.StatusLevel.Degraded);
        await using var receiver = await OtlpReceiver.StartAsync(port: port);
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        receiver.Requests.ShouldHaveSingleItem().Value.ShouldBe(1);
        running.Status.Component.Level.ShouldBe(Observe.Collectors.StatusLevel.Ok);
        running.Log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(1, "once a minute, however often it failed");
    }

    [Fact]
    public async Task Export_ReceiverSlow_TimesOutAndRetries()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: async (context, attempt) =>
        {
            if (attempt == 1)
                await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return attempt == 1;
        });
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Timeout = TimeSpan.FromMilliseconds(150) });
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { ["timeout"] = 1 });
        Elapsed(receiver).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(140));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Export_FailureThatMayPass_IsRetried(int code)
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt <= 2 ? OtlpReceiver.Fail(context, code) : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        receiver.Requests.Count.ShouldBe(3);
        receiver.Requests.ShouldAllBe(request => request.Value == 1);
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { [$"http_{code}"] = 2 });
        running.Status.DroppedPoints.ShouldBe(0);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task Export_FailureForGood_IsDroppedAndNotRetried(int code)
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, code, retryAfter: "0"));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.DroppedPoints == 1, "dropped");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        receiver.Requests.Count.ShouldBe(1);
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { [$"http_{code}"] = 1 });
    }

    [Fact]
    public async Task Export_RetryAfterSeconds_IsHonoured()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt == 1 ? OtlpReceiver.Fail(context, 429, "1") : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        Elapsed(receiver).ShouldBeInRange(TimeSpan.FromMilliseconds(950), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Export_RetryAfterDate_IsHonoured()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) =>
            attempt == 1 ? OtlpReceiver.Fail(context, 503, DateTimeOffset.UtcNow.AddSeconds(2).ToString("R")) : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        // The date has whole seconds.
        Elapsed(receiver).ShouldBeInRange(TimeSpan.FromMilliseconds(950), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Export_RetryAfterBeyondLimit_IsCut()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt == 1 ? OtlpReceiver.Fail(context, 503, "86400") : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { RetryAfterLimit = TimeSpan.FromMilliseconds(300) });
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        Elapsed(receiver).ShouldBeInRange(TimeSpan.FromMilliseconds(290), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Export_RetryAfterLongerThanExportTimeout_GivesUpAndNextSnapshotWaitsToo()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt == 1 ? OtlpReceiver.Fail(context, 503, "1") : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with
        {
            ExportTimeout = TimeSpan.FromMilliseconds(400),
            Interval = TimeSpan.FromMilliseconds(100),
        });
        await running.Until(() => running.Status.AcceptedPoints > 0, "delivered");
        running.Status.DroppedPoints.ShouldBe(1);
        Elapsed(receiver).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(950));
        receiver.Requests.ElementAt(1).Value.ShouldBeGreaterThan(7, "the newest snapshot, not the one that came first");
    }

    [Fact]
    public async Task Export_NeverDelivered_GivesUpAfterExportTimeout()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, 503));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { ExportTimeout = TimeSpan.FromMilliseconds(300) });
        await running.Until(() => running.Status.DroppedPoints == 1, "given up");
        receiver.Requests.Count.ShouldBeInRange(5, 30);
        var sent = receiver.Requests.Count;
        await Task.Delay(200, TestContext.Current.CancellationToken);
        receiver.Requests.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task Export_PartialSuccess_CountsRejected()
    {
        OtlpReceiver? self = null;
        await using var receiver = self = await OtlpReceiver.StartAsync(answer: (context, _) =>
            self!.RespondAsync(context, new() { PartialSuccess = new() { RejectedDataPoints = 3, ErrorMessage = "too\nold" } }));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()), new CountingSource(extraSeries: 9));
        await running.Until(() => running.Status.AcceptedPoints > 0, "delivered");
        await running.Until(() => running.Status.Failures.Count > 0, "counted");
        running.Status.AcceptedPoints.ShouldBe(7);
        running.Status.RejectedPoints.ShouldBe(3);
        running.Status.Failures.ShouldBe(new Dictionary<string, long> { ["partial_success"] = 1 });
        receiver.Requests.Count.ShouldBe(1, "a partial success is not retried");
        running.Log.ShouldContain(line => line.Contains("rejected 3 of 10 data points: too old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_Redirect_IsNotFollowed()
    {
        await using var elsewhere = await OtlpReceiver.StartAsync();
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) =>
        {
            context.Response.Headers.Location = new Uri(elsewhere.Url(), "/v1/metrics").ToString();
            return OtlpReceiver.Fail(context, 307);
        });
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Headers = [new("authorization", "Bearer s3cret")] });
        await running.Until(() => running.Status.DroppedPoints == 1, "dropped");
        await running.StopAsync();
        elsewhere.Requests.ShouldBeEmpty();
        running.Log.ShouldContain(line => line.Contains("redirects are not followed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_Gzip_IsSmallerAndSaysTheSame()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Compression = OtlpCompression.Gzip }, new CountingSource(extraSeries: 500));
        await running.Until(() => running.Status.AcceptedPoints == 501, "delivered");
        var request = receiver.Requests.ShouldHaveSingleItem();
        request.Headers.ContentEncoding.ToString().ShouldBe("gzip");
        request.Value.ShouldBe(1);
        request.Message.CalculateSize().ShouldBeGreaterThan(5 * request.WireBytes);
    }

    [Fact]
    public async Task Export_Headers_AreSentAndNeverLogged()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt == 1 ? OtlpReceiver.Fail(context, 401) : Task.FromResult(false));
        var options = Running.Options(receiver.Url()) with { Headers = [new("authorization", "Bearer s3cret"), new("x-tenant", "a b")] };
        await using var running = await Running.StartAsync(options);
        await running.Until(() => running.Status.DroppedPoints == 1, "refused");
        await running.StopAsync();
        receiver.Requests.Count.ShouldBe(2);
        receiver.Requests.ShouldAllBe(r => r.Headers.Authorization == "Bearer s3cret" && r.Headers["x-tenant"] == "a b");
        running.Log.ShouldNotBeEmpty();
        running.Log.ShouldAllBe(line => !line.Contains("s3cret", StringComparison.Ordinal));
        options.ToString().ShouldNotContain("s3cret");
        running.Status.Component.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Export_SecondRequestRefusedForNow_FirstIsNotSentAgain()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt == 2 ? OtlpReceiver.Fail(context, 503) : Task.FromResult(false));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { MaxRequestBytes = 2_000 }, new CountingSource(extraSeries: 60));
        await running.Until(() => running.Status.AcceptedPoints == 61, "delivered");
        var requests = receiver.Requests.Select(r => r.Message).ToList();
        requests.Count.ShouldBeGreaterThan(2);
        requests[1].ShouldBe(requests[2]);
        requests[0].ShouldNotBe(requests[1]);
        requests.Distinct().Count().ShouldBe(requests.Count - 1);
        requests.ShouldAllBe(r => r.CalculateSize() <= 2_000);
    }

    [Fact]
    public async Task Export_ReceiverUnavailableForLong_NewestSnapshotTakesThePlaceOfOlder()
    {
        var healthy = false;
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => Volatile.Read(ref healthy) ? Task.FromResult(false) : OtlpReceiver.Fail(context, 503));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(50) });
        await running.Until(() => running.Source.Collections >= 12, "collected");
        running.Status.AcceptedPoints.ShouldBe(0);
        var missed = running.Source.Collections;
        Volatile.Write(ref healthy, true);
        await running.Until(() => running.Status.AcceptedPoints > 0, "delivered");
        var delivered = receiver.Requests.Last().Value;
        delivered.ShouldBeGreaterThanOrEqualTo(missed - 1);
        running.Status.SupersededSnapshots.ShouldBeGreaterThanOrEqualTo(9);
        await running.StopAsync();
        // Every point collected is accounted for, once.
        (running.Status.AcceptedPoints + running.Status.SupersededPoints + running.Status.DroppedPoints).ShouldBe(running.Source.Collections);
    }

    [Fact]
    public async Task Collection_WhileReceiverHangs_NeverWaits()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: async (context, _) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromMinutes(1) });
        await running.Until(() => !receiver.Requests.IsEmpty, "request under way");
        await Task.Delay(2_000, TestContext.Current.CancellationToken);
        receiver.Requests.Count.ShouldBe(1, "the receiver has not let go of the first");
        var times = running.Source.Times.ToArray();
        times.Length.ShouldBeGreaterThanOrEqualTo(15);
        times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).Max().ShouldBeLessThan(TimeSpan.FromMilliseconds(600));
        running.Source.Snapshots.Count.ShouldBeLessThanOrEqualTo(2, "snapshots are given back before sending");
    }

    [Fact]
    public async Task Stop_LastExport_HasTheLastValues()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.AcceptedPoints == 1, "delivered");
        (await running.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        receiver.Requests.Select(r => r.Value).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Stop_WhileReceiverHangs_TakesLessThanASecond()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: async (context, _) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { FlushTimeout = TimeSpan.FromMilliseconds(500) });
        await running.Until(() => !receiver.Requests.IsEmpty, "request under way");
        (await running.StopAsync()).ShouldBeInRange(TimeSpan.FromMilliseconds(450), TimeSpan.FromSeconds(1.5));
        running.Status.SupersededPoints.ShouldBe(1);
        running.Status.DroppedPoints.ShouldBe(1);
        running.Status.Failures.Keys.ShouldContain("flush");
        new OtlpOptions().FlushTimeout.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Stop_ReceiverGone_IsQuick()
    {
        await using var running = await Running.StartAsync(Running.Options(new Uri($"http://127.0.0.1:{OtlpReceiver.FreePort()}")) with { RetryInitialDelay = TimeSpan.FromMinutes(1), RetryMaxDelay = TimeSpan.FromMinutes(1) });
        await running.Until(() => running.Status.Failures.Count > 0, "failed");
        (await running.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Stop_ReceiverAskedToBeLeftAlone_IsLeftAlone()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, _) => OtlpReceiver.Fail(context, 429, "20"));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        await running.Until(() => running.Status.Failures.ContainsKey("http_429"), "refused");
        await running.StopAsync();
        receiver.Requests.Count.ShouldBe(1);
        running.Status.Failures.Keys.ShouldContain("flush");
    }

    [Fact]
    public async Task Export_CollectionFails_IsCountedAndGoesOn()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var source = new CountingSource { Error = new InvalidOperationException("no kernel") };
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(50) }, source);
        await running.Until(() => running.Status.Failures.GetValueOrDefault("collect") >= 2, "failed twice");
        receiver.Requests.ShouldBeEmpty();
        source.Error = null;
        await running.Until(() => running.Status.AcceptedPoints > 0, "delivered");
    }

    [Fact]
    public async Task Export_NoEndpoint_DoesNothing()
    {
        await using var running = await Running.StartAsync(new OtlpOptions { FirstExportWithin = TimeSpan.Zero });
        await Task.Delay(100, TestContext.Current.CancellationToken);
        await running.StopAsync();
        running.Source.Collections.ShouldBe(0);
        running.Status.Component.Level.ShouldBe(Observe.Collectors.StatusLevel.Absent);
    }

    [Fact]
    public async Task Probe_ReceiverUpOrDown_SaysSo()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        (await OtlpProbe.RunAsync(Running.Options(receiver.Url()), TimeProvider.System, TestContext.Current.CancellationToken)).Level.ShouldBe(Observe.Collectors.StatusLevel.Ok);
        receiver.Requests.ShouldHaveSingleItem().Message.ResourceMetrics.ShouldBeEmpty();
        var down = await OtlpProbe.RunAsync(Running.Options(new Uri($"http://127.0.0.1:{OtlpReceiver.FreePort()}")), TimeProvider.System, TestContext.Current.CancellationToken);
        down.Level.ShouldBe(Observe.Collectors.StatusLevel.Degraded);
        down.Detail.ShouldContain("connect");
        (await OtlpProbe.RunAsync(new OtlpOptions(), TimeProvider.System, TestContext.Current.CancellationToken)).Level.ShouldBe(Observe.Collectors.StatusLevel.Absent);
    }

    // Between the first attempt and the second.
    private static TimeSpan Elapsed(OtlpReceiver receiver) =>
        Stopwatch.GetElapsedTime(receiver.Requests.ElementAt(0).Timestamp, receiver.Requests.ElementAt(1).Timestamp);
}
