using System.Runtime.InteropServices;
using Observe.Bpf;
using Observe.Bpf.Host;
using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;
using Observe.Collectors.Clock;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Clock;

/// <summary>
/// Stamps of the kernel, converted while they are fresh, against CLOCK_REALTIME read by the marked thread right before and
/// after: an independent truth of the mapping from one clock to the other. How far CLOCK_REALTIME itself is from UTC is its
/// discipline's word, which only a second clock could check; hence it states no error here, and all that is left is ours.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class ClockTruthTests(ITestOutputHelper output)
{
    private const int Markers = 100_000; // as many as marker.bpf.c has room for

    /// <summary>Markers without a pause; with the pauses between, a run has three or four of the collector's readings.</summary>
    private const int Burst = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>How far the middle may be off, ns: half of a reading that took 2 us, where some tens of ns are usual.</summary>
    private const long MappingBound = 1000;

    /// <summary>What may lie between a reading and its being taken in, where the thread is interrupted just then, ns.</summary>
    private const long Late = 100_000_000;

    /// <summary>ns; 100 us more than what is stated of a stamp 1.2 s after the last reading, which is the oldest that is usual.</summary>
    private const long Shift = 700_000;

    /// <summary>ns; ten times <see cref="MappingBound"/>.</summary>
    private const long SmallShift = 10 * MappingBound;

    [KernelFact]
    public void ToUtc_StampsOfTheKernel_AgreeWithTheMarkersAroundThem()
    {
        using var obj = BpfObject.Open(BpfCompiler.Compile(BpfCompiler.Beside("marker.bpf.c")), "marker");
        obj.SetGlobal("target_tid", (uint)Marker.gettid());
        obj.SetGlobal("marker_call", (uint)Marker.Call);
        obj.SetGlobal("marker_tag", Marker.Tag);
        obj.Load();
        obj.Program("on_marker").Attach();
        using var stamps = new MappedArray<long>(obj.Map("stamps"));
        using var watch = ClockWatch.TryStart();
        var judged = new Judged(0);
        Judged[] shifted = [new(Shift), new(-Shift), new(SmallShift), new(-SmallShift)];
        var readings = new List<ClockReading>();
        var widths = new long[Markers];
        var unstamped = 0;

        using (new ClockCollector(judged.Clock, new Resource([], []), TimeProvider.System, Read, () => new ClockDiscipline(0, 0, 0, true), ClockWatch.TryStart()))
            for (var i = 0; i < Markers; i++)
            {
                if (i % Burst == 0)
                    Thread.Sleep(Pause);
                var truth = Marker.Make(i);
                widths[i] = truth.Latest - truth.Earliest;
                if (stamps[i] == 0)
                    unstamped++;
                judged.Judge(stamps[i], truth);
                foreach (var other in shifted)
                    other.Judge(stamps[i], truth);
            }
        Assert.SkipWhen(watch?.WasSet() ?? false, "somebody set this machine's clock meanwhile");

        var end = (long)MonotonicClock.Nanoseconds;
        var age = readings.Zip(readings.Skip(1).Select(next => next.After).Append(end), (one, next) => next - one.After).Max();
        // What docs/time.md states, of a stamp as old as the longest that a reading had to do.
        var bound = (((age + Late) / 1_000_000) + 1) * UnifiedClock.DriftPartsPerMillion + MappingBound;
        Array.Sort(widths);
        output.WriteLine($"{Markers} stamps, {unstamped} missing; {readings.Count} readings, {readings.Min(Width)} to {readings.Max(Width)} ns wide, {age / 1e6:0.0} ms apart at most");
        output.WriteLine($"markers: {widths[Markers / 2]} ns wide (median), {widths[Markers * 99 / 100]} ns (99 %), {widths[^1]} ns (most)");
        output.WriteLine($"no error: {judged}; {judged.LeastError} to {judged.MostError} ns stated, bound {bound} ns");
        foreach (var other in shifted)
            output.WriteLine($"off by {other.Shift} ns: {other}");

        unstamped.ShouldBe(0);
        judged.Clock.Steps.ShouldBe(0);
        judged.Outside.ShouldBe(0);
        judged.MiddleOutside.ShouldBe(0);
        judged.MostError.ShouldBeLessThan(bound);
        // A clock that is wrong is found out, but where this thread was interrupted between its two readings.
        foreach (var other in shifted)
            (Math.Abs(other.Shift) == Shift ? other.Outside : other.MiddleOutside).ShouldBeGreaterThan(Markers * 9 / 10, $"off by {other.Shift} ns");

        (long Before, long RealTime, long After) Read()
        {
            var (before, realTime, after) = HostClock.Read();
            readings.Add(new ClockReading(before, realTime, after));
            foreach (var other in shifted)
                other.Clock.Take(new ClockReading(before, realTime + other.Shift, after), 0);
            return (before, realTime, after);
        }

        static long Width(ClockReading reading) => reading.After - reading.Before;
    }

    /// <summary>A clock, wrong by some ns or not, and how often that was seen.</summary>
    private sealed class Judged(long shift)
    {
        public UnifiedClock Clock { get; } = new();

        public long Shift { get; } = shift;

        /// <summary>Stamps whose interval has nothing in common with the truth's.</summary>
        public int Outside { get; private set; }

        /// <summary>Stamps of which the middle of the interval is farther from the truth's than <see cref="MappingBound"/>.</summary>
        public int MiddleOutside { get; private set; }

        public long LeastError { get; private set; } = long.MaxValue;

        public long MostError { get; private set; }

        private long farthest;

        public void Judge(long stamp, UtcInterval truth)
        {
            var utc = Clock.ToUtc(stamp);
            if (utc.IsBefore(truth) || truth.IsBefore(utc))
                Outside++;
            var off = Math.Max(0, Math.Max(truth.Earliest - utc.Middle, utc.Middle - truth.Latest));
            if (off > MappingBound)
                MiddleOutside++;
            farthest = Math.Max(farthest, off);
            LeastError = Math.Min(LeastError, utc.Error);
            MostError = Math.Max(MostError, utc.Error);
        }

        public override string ToString() => $"{Outside} outside, middle of {MiddleOutside} outside by more than {MappingBound} ns, by {farthest} ns at most";
    }

    /// <summary>sched_get_priority_max(2): changes nothing, answers at once, takes any argument, and the runtime never calls it.</summary>
    private static class Marker
    {
        /// <summary>In the upper half of the argument, so that nobody else's call of it is taken for one.</summary>
        public const uint Tag = 0x0B5E7E57;

        private const int RealTime = 0; // CLOCK_REALTIME

        public static long Call { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 125 : 146;

        /// <returns>CLOCK_REALTIME before and after it.</returns>
        public static UtcInterval Make(int number)
        {
            _ = clock_gettime(RealTime, out var before);
            _ = syscall(Call, ((long)Tag << 32) | (uint)number);
            _ = clock_gettime(RealTime, out var after);
            return new UtcInterval(before.Total, after.Total);
        }

        [DllImport("libc")]
        public static extern int gettid();

        [DllImport("libc")]
        private static extern long syscall(long number, long argument);

        [DllImport("libc")]
        private static extern int clock_gettime(int clock, out Timespec time);

        /// <summary>struct timespec of 64-bit systems.</summary>
        private readonly struct Timespec
        {
            private readonly long seconds;
            private readonly long nanoseconds;

            public long Total => (seconds * 1_000_000_000) + nanoseconds;
        }
    }
}
