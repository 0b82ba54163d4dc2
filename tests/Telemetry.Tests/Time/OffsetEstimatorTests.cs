using Observe.Telemetry.Time;

namespace Observe.Telemetry.Tests.Time;

/// <summary>Two simulated clocks: whatever lies between them, the truth is in what is claimed, in every case.</summary>
public sealed class OffsetEstimatorTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;

    [Fact]
    public void Offset_SkewDriftJitterAndAsymmetry_IsAlwaysWithin()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var other = new OtherClock(seed);
            var estimator = new OffsetEstimator();
            for (var probe = 0; probe < 300; probe++)
            {
                estimator.Take(other.Ask());
                other.Pass();
                var bounds = estimator.OffsetAt(other.Now);
                var truth = other.Shows(other.Now) - other.Now;
                truth.ShouldBeInRange(bounds.Least, bounds.Most, $"seed {seed}, probe {probe}");
            }
        }
    }

    [Fact]
    public void Stamps_BeforeAndAfterSteps_AreAlwaysWithin()
    {
        var compared = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var other = new OtherClock(seed) { Steps = true };
            var estimator = new OffsetEstimator();
            var stamps = new List<(long Truth, long Stamp)>();
            for (var probe = 0; probe < 200; probe++)
            {
                estimator.Take(other.Ask());
                other.Pass();
                stamps.Add((other.Now, other.Shows(other.Now)));
            }
            estimator.Take(other.Ask());
            // Of the oldest epochs the estimator may have forgotten.
            foreach (var (truth, stamp) in stamps.TakeLast(60))
            {
                var (earliest, latest) = estimator.ToMonotonic(stamp);
                truth.ShouldBeInRange(earliest, latest, $"seed {seed}");
                compared++;
            }
        }
        compared.ShouldBe(500 * 60);
    }

    [Fact]
    public void Error_AfterAMinuteOfProbesOfOneMillisecond_IsBelowOneMillisecond()
    {
        var worst = 0L;
        for (var seed = 0; seed < 200; seed++)
        {
            var other = new OtherClock(seed) { RoundTrip = Millisecond, Pause = Second };
            var estimator = new OffsetEstimator();
            for (var probe = 0; probe < 60; probe++)
            {
                estimator.Take(other.Ask());
                other.Pass();
            }
            worst = Math.Max(worst, estimator.OffsetAt(other.Now).Error);
        }
        output.WriteLine($"worst error {worst} ns");
        worst.ShouldBeLessThanOrEqualTo(Millisecond);
    }

    [Fact]
    public void Step_OfTheOtherClock_IsNoticedOnceAndRewritesNothing()
    {
        var estimator = new OffsetEstimator();
        estimator.Take(new ClockReading(0, 5 * Second, Millisecond));
        var before = estimator.ToMonotonic(5 * Second);

        estimator.Take(new ClockReading(10 * Second, 35 * Second, (10 * Second) + Millisecond)).ShouldBeTrue();
        estimator.Take(new ClockReading(11 * Second, 36 * Second, (11 * Second) + Millisecond)).ShouldBeFalse();

        estimator.Steps.ShouldBe(1);
        estimator.ToMonotonic(5 * Second).ShouldBe(before);
        estimator.OffsetAt(11 * Second).Middle.ShouldBeInRange((25 * Second) - Millisecond, (25 * Second) + Millisecond);
    }

    [Fact]
    public void Resolution_OfSeconds_WidensByIt()
    {
        var estimator = new OffsetEstimator(0);
        estimator.Take(new ClockReading(0, 5 * Second, 0, Second - 1));

        estimator.OffsetAt(0).ShouldBe(new OffsetBounds(5 * Second, (6 * Second) - 1));
        estimator.ToMonotonic(7 * Second, Second - 1).ShouldBe((Second + 1, (3 * Second) - 1));
    }

    [Fact]
    public void Take_OlderThanTheLast_IsRefused()
    {
        var estimator = new OffsetEstimator();
        estimator.Take(new ClockReading(10, 0, 20));
        Should.Throw<ArgumentException>(() => estimator.Take(new ClockReading(5, 0, 15)));
        Should.Throw<ArgumentException>(() => estimator.Take(new ClockReading(30, 0, 25)));
        Should.Throw<InvalidOperationException>(() => new OffsetEstimator().OffsetAt(0));
    }

    /// <summary>Up to 5 s off, up to 200 ppm fast or slow, changing its speed as it likes; delays are of any size and all on one side if it must be. Steps are larger than what a round trip of 100 ms leaves uncertain.</summary>
    private sealed class OtherClock
    {
        private readonly Random random;
        private double offset;
        private double speed;

        public OtherClock(int seed)
        {
            random = new Random(seed);
            offset = (random.NextDouble() - 0.5) * 10 * Second;
            speed = Speed();
        }

        public bool Steps { get; init; }

        public long RoundTrip { get; init; }

        public long Pause { get; init; }

        public long Now { get; private set; } = 1000 * Second;

        public long Shows(long now) => now == Now ? now + (long)Math.Round(offset) : throw new ArgumentOutOfRangeException(nameof(now));

        public ClockReading Ask()
        {
            var before = Now;
            var roundTrip = RoundTrip > 0 ? RoundTrip : (long)(Math.Pow(random.NextDouble(), 3) * 100 * Millisecond);
            var there = random.Next(3) switch { 0 => 0, 1 => roundTrip, _ => (long)(random.NextDouble() * roundTrip) };
            Go(there);
            var value = Shows(Now);
            Go(roundTrip - there);
            return new ClockReading(before, value, Now);
        }

        public void Pass()
        {
            Go(Pause > 0 ? Pause : (long)(random.NextDouble() * 20 * Second));
            if (random.Next(10) == 0)
                speed = Speed();
            if (Steps && random.Next(15) == 0)
                offset += (random.Next(2) == 0 ? 1 : -1) * ((0.3 * Second) + (random.NextDouble() * 5 * Second));
        }

        private void Go(long time)
        {
            Now += time;
            offset += time * speed;
        }

        private double Speed() => (random.NextDouble() - 0.5) * 2 * 199e-6;
    }
}
