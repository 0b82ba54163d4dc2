using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>When an event was is within what is said of it, however wrong the server's clock is and however slow and one-sided the way to it.</summary>
public sealed class EventClockTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3, 150, 1)]
    [InlineData(-3, -150, 2)]
    [InlineData(3, -80, 3)]
    [InlineData(-3, 0, 4)]
    public void Run_ClockSkewedAndDriftingOverASlowWay_TrueTimeIsWithinEveryInterval(int skew, int drift, int seed)
    {
        using var bench = new Bench(seed);
        var random = new Random(seed);
        bench.VCenter.Clock.Skew(TimeSpan.FromSeconds(skew));
        bench.VCenter.Clock.Drift(drift);
        var way = new SlowWay(bench, random);
        bench.Clock = way.Clock;
        bench.Run(async () =>
        {
            for (var i = 0; i < 120; i++)
            {
                await way.AskAsync();
                if (i == 1)
                    bench.Begin();
                for (var j = 0; j < 15; j++)
                {
                    bench.VCenter.Events.Post("VmReconfiguredEvent");
                    await bench.Pass(8 * random.NextDouble());
                }
            }
            await bench.Pass(30);
            await bench.Stop();
        }, 600);
        var posted = bench.VCenter.Events.Posted.ToDictionary(each => each.Key);
        var widest = 0L;
        bench.Keys().Length.ShouldBe(posted.Count);
        foreach (var (each, _, _) in bench.Delivery.All)
        {
            var truth = (posted[Delivery.Identity(each.What).Key].TrueTime - DateTimeOffset.UnixEpoch).Ticks * 100;
            each.When.Contains(truth).ShouldBeTrue($"{each.When} does not contain {truth}");
            // A time that happens to end in zeros is written without them, and says the less.
            widest = Math.Max(widest, each.When.Error - (TimeResolution.Of(Delivery.Of(each.What, "vcenter.event.created_time")).Ticks * 50));
        }
        output.WriteLine($"skew {skew} s, drift {drift} ppm: {posted.Count} of {posted.Count} within their intervals, the widest ± {widest / 1e6:0.0} ms");
        widest.ShouldBeLessThan(200_000_000);
    }

    /// <summary>Asks what time it is there, 20 to 180 ms to either side, in an instant of the simulation.</summary>
    private sealed class SlowWay : IVCenterSession
    {
        private readonly Bench bench;
        private readonly Random random;
        private readonly UnifiedClock host = new();
        private long passed;

        public SlowWay(Bench bench, Random random)
        {
            this.bench = bench;
            this.random = random;
            Clock = new VCenterClock("main", this, () => 0, host, Bench.Host, 0, bench.Time, () => Monotonic);
        }

        public VCenterClock Clock { get; }

        public ServiceContent? Content => null;

        public long Generation => 1;

        private long Monotonic => (bench.Time.Passed.Ticks * 100) + passed;

        public async Task AskAsync()
        {
            host.Take(new ClockReading(Monotonic, ((Simulation.Start - DateTimeOffset.UnixEpoch).Ticks * 100) + Monotonic, Monotonic), 0);
            var asked = Clock.AskAsync(CancellationToken.None);
            asked.IsCompletedSuccessfully.ShouldBeTrue();
            // As long as it took.
            var took = passed;
            await bench.Pass(took / 1e9);
            passed = 0;
        }

        public Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken) =>
            ask(new Way(this), null!, cancellationToken);

        private DateTimeOffset Ask()
        {
            passed += Delay();
            var shown = bench.VCenter.Clock.At(bench.Time.GetUtcNow() + TimeSpan.FromTicks(passed / 100));
            passed += Delay();
            return shown;
        }

        private long Delay() => (long)(20_000_000 + (random.NextDouble() * 160_000_000)) / 100 * 100;

        private sealed class Way(SlowWay owner) : OnlyTime
        {
            public override Task<DateTimeOffset> CurrentTimeAsync(CancellationToken cancellationToken) => Task.FromResult(owner.Ask());
        }
    }
}
