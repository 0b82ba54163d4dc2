using Observe.Bpf.Host;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.Tests.VCenter.Session;
using Observe.Collectors.Tests.VCenter.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Session;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Clock;

/// <summary>A vCenter's clock, in simulated time and over HTTP: the true time is always in the interval.</summary>
public sealed class VCenterClockTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long UnixEpoch = 1_760_000_000 * Second;

    private static readonly Resource Host = new([], []);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Skewed by ±3 s, drifting by ±200 ppm, each way 100 ms ± 80 ms, now and then set, of any resolution.</summary>
    [Fact]
    public async Task ToUtc_SkewedDriftingSlowServer_HasTheTrueTimeInEveryInterval()
    {
        var seeds = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1" ? 2000 : 60;
        var (events, worst) = (0, 0L);
        for (var seed = 0; seed < seeds; seed++)
        {
            var world = new SlowServer(seed);
            var clock = world.Clock;
            for (var minute = 0; minute < 60; minute++)
            {
                await clock.AskAsync(Token);
                for (var i = 0; i < 20; i++)
                {
                    world.Advance(world.Random.NextInt64(6 * Second));
                    var (stamp, truth) = (world.Shown(), world.Utc);
                    // It is told of at once, or later.
                    if (world.Random.Next(4) == 0)
                        world.Advance(world.Random.NextInt64(20 * Second));
                    var interval = clock.ToUtc(stamp, world.Resolution);
                    interval.Contains(truth).ShouldBeTrue($"seed {seed}, minute {minute}: {truth - interval.Middle} ns from the middle, error {interval.Error} ns");
                    // Not where seconds are all that the clock shows, or it was set: a stamp that it showed twice has both moments.
                    if (world.Steps == 0 && world.Resolution < TimeSpan.FromSeconds(1))
                        worst = Math.Max(worst, interval.Error);
                    events++;
                }
            }
            Math.Abs((clock.Now - DateTimeOffset.UnixEpoch).Ticks * 100 - world.ServerNanoseconds).ShouldBeLessThan(300 * Millisecond);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{events} events, the true time in all; the widest error {worst / 1e6:0.0} ms");
        // True is not enough: half a day around would be, too. Half of the slowest way there and back is 180 ms; what both
        // clocks may have drifted since the last answer, of two minutes before, is 120 ms.
        worst.ShouldBeLessThan(320 * Millisecond);
    }

    [Fact]
    public async Task AskAsync_ServerClockSet_IsAStepAndOldStampsKeepTheirTime()
    {
        var world = new SlowServer(7, canBeSet: false);
        await world.Clock.AskAsync(Token);
        var (before, truth) = (world.Shown(), world.Utc);
        world.Advance(10 * Second);
        world.Set(30 * Second);
        world.Advance(10 * Second);
        await world.Clock.AskAsync(Token);

        world.Clock.ToUtc(before, world.Resolution).Contains(truth).ShouldBeTrue();
        world.Clock.ToUtc(world.Shown(), world.Resolution).Contains(world.Utc).ShouldBeTrue();
        Values(world.Clock)["observe_clock_steps_total"].ShouldBe(1);
    }

    [Fact]
    public async Task AskAsync_DelayedAnswers_AreNotUsedWhereThereAreOthers()
    {
        var world = new SlowServer(3, canBeSet: false);
        await world.Clock.AskAsync(Token);
        var error = world.Clock.Offset!.Value.Error;
        world.Delayed = int.MaxValue;
        world.Asked = 0;

        await world.Clock.AskAsync(Token);
        world.Asked.ShouldBe(8);
        world.Clock.Offset!.Value.Error.ShouldBeGreaterThanOrEqualTo(error);
        world.Delayed = 2;
        world.Asked = 0;
        await world.Clock.AskAsync(Token);
        world.Asked.ShouldBe(3);
    }

    [Fact]
    public async Task AskAsync_NothingButDelayedAnswers_AreBetterThanNone()
    {
        var world = new SlowServer(4, canBeSet: false) { Delayed = int.MaxValue };

        await world.Clock.AskAsync(Token);

        world.Clock.IsReady.ShouldBeTrue();
        world.Clock.ToUtc(world.Shown(), world.Resolution).Contains(world.Utc).ShouldBeTrue();
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task AskAsync_AbsurdTime_IsNotTaken(string shown)
    {
        var world = new SlowServer(5) { Absurd = DateTimeOffset.Parse(shown) };

        await world.Clock.AskAsync(Token);

        world.Clock.IsReady.ShouldBeFalse();
        Should.NotThrow(() => world.Clock.ToUtc(world.Absurd.Value, TimeSpan.Zero));
        world.Absurd = null;
        await world.Clock.AskAsync(Token);
        Should.NotThrow(() => world.Clock.ToUtc(DateTimeOffset.MaxValue, TimeSpan.FromSeconds(1)));
        Should.NotThrow(() => world.Clock.ToUtc(DateTimeOffset.MinValue, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Export_AfterAnAnswer_SaysOffsetAndErrorUnderTheNameOfTheEndpoint()
    {
        var world = new SlowServer(6, canBeSet: false);
        Values(world.Clock).ShouldBeEmpty();

        await world.Clock.AskAsync(Token);

        var values = Values(world.Clock);
        values.Keys.ShouldBe(["observe_clock_error_seconds", "observe_clock_offset_seconds", "observe_clock_steps_total"], ignoreOrder: true);
        Math.Abs(values["observe_clock_offset_seconds"] - ((world.ServerNanoseconds - world.Utc) / 1e9)).ShouldBeLessThan(values["observe_clock_error_seconds"]);
    }

    /// <summary>The same over HTTP, in real time: 3 s ahead, 10 to 30 ms each way.</summary>
    [Fact]
    public async Task ToUtc_RealServerSkewed_HasTheTrueTimeInEveryInterval()
    {
        var skew = TimeSpan.FromSeconds(3);
        var random = new Random(1);
        var shown = new List<(DateTimeOffset Stamp, long Truth)>();
        var sessions = new SessionServer();
        sessions.Answer = async (context, method) =>
        {
            await Task.Delay(random.Next(10, 30), context.RequestAborted);
            // What it shows is made from the truth, so that it is the truth and no second reading.
            var truth = (long)MonotonicClock.Nanoseconds;
            var stamp = DateTimeOffset.UnixEpoch + skew + TimeSpan.FromTicks((UnixEpoch + truth) / 100);
            lock (shown)
                shown.Add((stamp, UnixEpoch + truth));
            await Task.Delay(random.Next(10, 30), context.RequestAborted);
            await context.SendAsync(Envelope.Of(method, $"<returnval>{VimTime.Format(stamp)}</returnval>"));
        };
        await using var server = await sessions.StartAsync();
        await using var session = new VCenterSession(server.Endpoint, new VCenterOptions(), TimeProvider.System, new RecordingLogger<VCenterSession>());
        var utc = new UnifiedClock();
        utc.Take(new ClockReading(0, UnixEpoch, 0), 0);
        var clock = new VCenterClock("test", session, () => session.Delays, utc, Host, 0, TimeProvider.System);

        for (var i = 0; i < 5; i++)
            await clock.AskAsync(Token);

        shown.Count.ShouldBeInRange(9, 20);
        foreach (var (stamp, truth) in shown)
            clock.ToUtc(stamp, TimeSpan.FromTicks(1)).Contains(truth).ShouldBeTrue();
        var (offset, error) = clock.Offset!.Value;
        (offset - skew).Duration().ShouldBeLessThan(error);
        server.Methods.ShouldBe(["RetrieveServiceContent", "Login", .. Enumerable.Repeat("CurrentTime", shown.Count)]);
    }

    private static Dictionary<string, double> Values(VCenterClock clock)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        clock.Export(builder);
        using var lease = builder.Build(1);
        return lease.Snapshot.Families.ToArray().SelectMany(family => family.Points.ToArray()).ToDictionary(
            point => point.Series.Labels.Single().Value == "vcenter:test" ? point.Series.Metric.PrometheusName : "", point => point.Value);
    }
}
