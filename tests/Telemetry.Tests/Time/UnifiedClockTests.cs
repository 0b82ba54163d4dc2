using Observe.Telemetry.Time;

namespace Observe.Telemetry.Tests.Time;

public sealed class UnifiedClockTests
{
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;
    private const long Epoch = 1_700_000_000 * Second;

    [Fact]
    public void ToUtc_DisciplinedClockWithStepsAndSuspends_HasTheTruthInEveryCase()
    {
        var compared = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var host = new Host(seed);
            var clock = new UnifiedClock();
            clock.Take(host.Read(), host.Error);
            var stamps = new List<(long Monotonic, long Utc)>();
            for (var second = 0; second < 120; second++)
            {
                host.Pass();
                stamps.Add((host.Monotonic, host.Utc));
                clock.Take(host.Read(), host.Error, host.WasSet());
            }
            foreach (var (monotonic, truth) in stamps)
            {
                var utc = clock.ToUtc(monotonic);
                truth.ShouldBeInRange(utc.Earliest, utc.Latest, $"seed {seed}");
                compared++;
            }
            clock.Steps.ShouldBe(host.Changes, $"seed {seed}");
        }
        compared.ShouldBe(400 * 120);
    }

    [Fact]
    public void Take_ManyReadings_NarrowTheOffset()
    {
        var clock = new UnifiedClock();
        // Each is 1 us wide, and off to one side or the other.
        clock.Take(new ClockReading(1000, Epoch + 1000, 2000), 0);
        clock.Take(new ClockReading(10_000, Epoch + 11_000, 11_000), 0);

        // The drift of the clock's error over less than a ms is all that is left.
        clock.ToUtc(11_000).ShouldBe(UtcInterval.Around(Epoch + 11_000, UnifiedClock.DriftPartsPerMillion) with { Common = UnifiedClock.DriftPartsPerMillion, Clock = 1 });
    }

    [Fact]
    public void Take_AStepTooSmallToBeSeen_BeginsAnEpochIfTheKernelSaysSo()
    {
        var clock = new UnifiedClock();
        const long error = Millisecond;
        clock.Take(new ClockReading(0, Epoch, 1000), error).ShouldBeTrue();
        clock.Take(new ClockReading(Second, Epoch + Second, Second + 1000), error).ShouldBeFalse();
        clock.Take(new ClockReading(2 * Second, Epoch + (2 * Second) + 10, (2 * Second) + 1000), error, wasSet: true).ShouldBeTrue();
        clock.Steps.ShouldBe(1);
    }

    [Fact]
    public void Take_AStep_RewritesNothing()
    {
        var clock = new UnifiedClock();
        const long error = Millisecond;
        clock.Take(new ClockReading(0, Epoch, 1000), error);
        clock.Take(new ClockReading(Second, Epoch + Second, Second + 1000), error);
        var before = clock.ToUtc(Second / 2);

        clock.Take(new ClockReading(2 * Second, Epoch + (3600 * Second), (2 * Second) + 1000), error);

        clock.ToUtc(Second / 2).ShouldBe(before);
        var between = clock.ToUtc(3 * Second / 2);
        between.Contains(Epoch + (3 * Second / 2)).ShouldBeTrue();
        between.Contains(Epoch + (3600 * Second) - (Second / 2)).ShouldBeTrue();
        clock.ToUtc(2 * Second + 2000).Contains(Epoch + (3 * Second / 2)).ShouldBeFalse();
    }

    [Fact]
    public void Take_MoreStepsThanAreRemembered_CountsThemAllAndStaysBounded()
    {
        var clock = new UnifiedClock();
        for (var i = 0L; i < 1000; i++)
            clock.Take(new ClockReading(i * Second, Epoch + (i * 100 * Second), (i * Second) + 1), 0);
        clock.Steps.ShouldBe(999);
        clock.ToUtc(999 * Second).Contains(Epoch + (999 * 100 * Second)).ShouldBeTrue();
    }

    [Fact]
    public void ToUtc_WithoutAReading_IsRefused()
    {
        var clock = new UnifiedClock();
        clock.IsReady.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => clock.ToUtc(0));
        clock.Take(new ClockReading(10, Epoch, 20), 0);
        Should.Throw<ArgumentException>(() => clock.Take(new ClockReading(5, Epoch, 7), 0));
        Should.Throw<ArgumentException>(() => clock.Take(new ClockReading(40, Epoch, 30), 0));
    }

    [Fact]
    public void Intervals_Order_IsClaimedOnlyWhereTheyAreApart()
    {
        var early = new UtcInterval(0, 10);
        early.IsBefore(new UtcInterval(11, 20)).ShouldBeTrue();
        early.IsBefore(new UtcInterval(10, 20)).ShouldBeFalse();
        new UtcInterval(10, 20).IsBefore(early).ShouldBeFalse();
        early.Hull(new UtcInterval(5, 30)).ShouldBe(new UtcInterval(0, 30));
        new UtcInterval(0, 11).Middle.ShouldBe(5);
        new UtcInterval(0, 11).Error.ShouldBe(6);
    }

    [Fact]
    public void Intervals_OfOneClock_AreComparedWithoutItsError()
    {
        var clock = new UnifiedClock();
        clock.Take(new ClockReading(Second, Epoch + Second, Second), 16 * Second);
        var (first, second) = (clock.ToUtc(2 * Second), clock.ToUtc((2 * Second) + 1));
        first.Error.ShouldBeGreaterThanOrEqualTo(16 * Second);
        first.IsBefore(second).ShouldBeTrue();
        second.IsBefore(first).ShouldBeFalse();
        first.LeastUntil(second).ShouldBe(1);
        clock.OfRealtime(Epoch + (2 * Second)).LeastUntil(second).ShouldBe(1, "the same clock, read otherwise");

        // The same moments, if nobody knows that they are of one clock.
        new UtcInterval(first.Earliest, first.Latest).IsBefore(second).ShouldBeFalse();
        // Of several moments, as much of the error as all have.
        var hull = first.Hull(UtcInterval.Around(first.Middle, 5));
        (hull.Common, hull.Clock).ShouldBe((0, 0));
        first.Earlier(second).ShouldBe(first);
        first.Later(second).ShouldBe(second);

        // Set: what was before is not known against what is after, but by UTC.
        clock.Take(new ClockReading(3 * Second, Epoch + (10 * Second), 3 * Second), 16 * Second, wasSet: true);
        var after = clock.ToUtc(4 * Second);
        first.IsBefore(after).ShouldBeFalse();
        after.IsBefore(first).ShouldBeFalse();
        clock.OfRealtime(Epoch + (2 * Second)).Clock.ShouldBe(0, "which of the two clocks showed it is not known");
        clock.OfRealtime(Epoch + (11 * Second)).Clock.ShouldBe(after.Clock);
    }

    [Fact]
    public void Intervals_ErrorThatIsKnownBetterElsewhere_IsThatAndWhatAClockDrifts()
    {
        var bad = UtcInterval.Around(100 * Second, 16 * Second) with { Common = 16 * Second, Clock = 1 };
        var good = UtcInterval.Around(110 * Second, Second) with { Common = Second, Clock = 1 };

        var known = bad.Knowing(good);

        known.Middle.ShouldBe(bad.Middle);
        known.Error.ShouldBeInRange(Second + (10 * Second / 2000), Second + (10 * Second / 2000) + 1000);
        known.Common.ShouldBe(known.Error);
        good.Knowing(bad).ShouldBe(good);
        bad.Knowing(good with { Clock = 2 }).ShouldBe(bad);
        UtcInterval.Around(0, 5).Knowing(good).ShouldBe(UtcInterval.Around(0, 5));
    }

    /// <summary>
    /// A host's two clocks: one offset between them, until the real-time clock is set or the machine sleeps. Both are as far
    /// from UTC's pace as the kernel allows; whoever disciplines them knows how far off they are at most.
    /// </summary>
    private sealed class Host
    {
        private readonly Random random;
        private double wrong;
        private double speed;
        private long offset;
        private bool set;

        public Host(int seed)
        {
            random = new Random(seed);
            wrong = Wrong();
            speed = Speed();
            offset = Epoch + (long)wrong;
        }

        public long Monotonic { get; private set; } = 100 * Second;

        /// <summary>The truth, which no part of a host knows.</summary>
        public long Utc => Monotonic + offset - (long)Math.Round(wrong);

        public long Error => (long)(Math.Abs(wrong) * (1 + random.NextDouble())) + random.Next(1000) + 1;

        public int Changes { get; private set; }

        public ClockReading Read()
        {
            var before = Monotonic;
            Go(random.Next(3000));
            var value = Monotonic + offset;
            Go(random.Next(3000));
            return new ClockReading(before, value, Monotonic);
        }

        public bool WasSet()
        {
            var was = set;
            set = false;
            return was;
        }

        /// <summary>About a second, in which anything may happen.</summary>
        public void Pass()
        {
            Go((long)((0.5 + random.NextDouble()) * Second));
            speed = Speed();
            switch (random.Next(20))
            {
                case 0: // set, and the kernel says so, however little it was
                    var better = random.Next(2) == 0 ? Wrong() : wrong + random.Next(-2, 3);
                    offset += (long)Math.Round(better - wrong);
                    wrong += Math.Round(better - wrong);
                    set = true;
                    Changes++;
                    break;
                case 1: // asleep: the monotonic clock stands still
                    offset += random.NextInt64(Millisecond, 3600 * Second);
                    Changes++;
                    break;
                default:
                    break;
            }
        }

        private void Go(long time)
        {
            Monotonic += time;
            wrong += time * speed;
        }

        private double Wrong() => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(3, 12));

        private double Speed() => (random.NextDouble() - 0.5) * 2 * 499e-6;
    }
}
