using System.Diagnostics;
using Observe.Telemetry.Time;

namespace Observe.Telemetry.Tests.Time;

public sealed class TimelineTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;
    private static readonly TimelineSourceOptions Prompt = new(Second, 10 * Second, 5 * Second);

    [Fact]
    public void Take_AMillionEventsShuffledWithinTheirBounds_ComeInOrderOnceAndAll()
    {
        const int Events = 1_000_000;
        long[] lateness = [Millisecond, 20 * Millisecond, 300 * Millisecond, Second];
        var random = new Random(7);
        // Each happens at some moment and is heard of up to its source's bound later.
        var heard = Enumerable.Range(0, Events)
            .Select(i => (Source: i % 4, Key: (UInt128)i, When: (long)i * 20_000))
            .Select(each => (each.Source, each.Key, each.When, At: each.When + (long)(random.NextDouble() * lateness[each.Source] * 0.999)))
            .OrderBy(each => each.At).ToArray();
        var timeline = new Timeline<int>(200_000);
        var sources = lateness.Select((bound, i) => timeline.Add($"source {i}", new TimelineSourceOptions(bound, bound, Second, Events))).ToArray();
        var due = new List<TimelineEvent<int>>(Events);
        var most = 0;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < heard.Length; i++)
        {
            var (source, key, when, at) = heard[i];
            timeline.Offer(sources[source], key, new UtcInterval(when, when), (int)key, at).ShouldBeTrue();
            if (i % 1000 != 0)
                continue;
            most = Math.Max(most, timeline.Count);
            timeline.Offer(sources[source], key, new UtcInterval(when, when), (int)key, at).ShouldBeFalse();
            timeline.Take(at, due);
        }
        timeline.Take(long.MaxValue / 2, due);
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"{Events / took.TotalSeconds:0} events a second; at most {most} waited");
        due.Count.ShouldBe(Events);
        due.Select(each => each.What).Distinct().Count().ShouldBe(Events);
        for (var i = 1; i < due.Count; i++)
            due[i].When.Middle.ShouldBeGreaterThanOrEqualTo(due[i - 1].When.Middle);
        sources.Sum(source => source.Late).ShouldBe(0);
        sources.Sum(source => source.Duplicates).ShouldBe(1000);
        (timeline.Hurried, timeline.Count).ShouldBe((0, 0));
        most.ShouldBeLessThan(100_000);
    }

    [Fact]
    public void Take_ALateEvent_IsDeliveredAsLateAndTeachesPatience()
    {
        var timeline = new Timeline<string>(10);
        var source = timeline.Add("a", Prompt);
        Offer(timeline, source, 1, 10 * Second, "early");
        Offer(timeline, source, 2, 20 * Second, "pushes");
        Due(timeline, 20 * Second).ShouldBe(["early"]);

        Offer(timeline, source, 3, 7 * Second, "late");
        Due(timeline, 20 * Second).ShouldBe(["late!"]);
        (source.Late, source.LatestBy, source.Lateness).ShouldBe((1, 3 * Second, 4 * Second));

        // Not more patient than it was allowed to become.
        Offer(timeline, source, 4, 60 * Second, "pushes again");
        Due(timeline, 60 * Second).ShouldBe(["pushes"]);
        Offer(timeline, source, 5, Second, "very late");
        source.Lateness.ShouldBe(10 * Second);
    }

    [Fact]
    public void Take_ASilentSource_HoldsUpNobodyForLong()
    {
        var timeline = new Timeline<string>(10);
        var talks = timeline.Add("talks", Prompt);
        var silent = timeline.Add("silent", Prompt);
        Offer(timeline, silent, 1, 10 * Second, "last word");
        Offer(timeline, talks, 1, 12 * Second, "word");

        Due(timeline, 14 * Second).ShouldBeEmpty();
        Due(timeline, 16 * Second).ShouldBe(["last word"]);
        Due(timeline, 30 * Second).ShouldBe(["word"]);
    }

    [Fact]
    public void Offer_MoreThanThereIsRoomFor_IsHurriedThenDroppedAndCounted()
    {
        var timeline = new Timeline<string>(10);
        var source = timeline.Add("a", Prompt);
        for (var i = 0; i < 25; i++)
            Offer(timeline, source, (UInt128)i, (100 * Second) + i, $"{i}");

        source.Dropped.ShouldBe(5);
        Due(timeline, 100 * Second).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
        (timeline.Hurried, timeline.Count).ShouldBe((10, 10));
    }

    [Fact]
    public void TryOffer_HalfFull_RefusesWithoutDroppingAndTakesItLater()
    {
        var timeline = new Timeline<string>(10);
        var source = timeline.Add("a", Prompt);
        for (var i = 0; i < 5; i++)
            TryOffer(timeline, source, i).ShouldBe(TimelineOffer.Accepted);

        TryOffer(timeline, source, 2).ShouldBe(TimelineOffer.Known);
        TryOffer(timeline, source, 5).ShouldBe(TimelineOffer.Full);
        (source.Dropped, source.Accepted, timeline.Hurried).ShouldBe((0, 5, 0));
        // One that cannot wait still finds room.
        Offer(timeline, source, 6, Second + 6, "6").ShouldBeTrue();

        var due = new List<TimelineEvent<string>>();
        timeline.Take(100 * Second, due);
        due.Select(each => each.Key).ShouldBe([0, 1, 2, 3, 4, 6]);
        TryOffer(timeline, source, 5).ShouldBe(TimelineOffer.Accepted);
    }

    [Fact]
    public void Offer_KeysBeyondThoseRemembered_AreTakenForNew()
    {
        var timeline = new Timeline<string>(100);
        var source = timeline.Add("a", Prompt with { Keys = 2 });
        Offer(timeline, source, 1, Second, "1").ShouldBeTrue();
        Offer(timeline, source, 2, Second, "2").ShouldBeTrue();
        Offer(timeline, source, 1, Second, "1").ShouldBeFalse();
        Offer(timeline, source, 3, Second, "3").ShouldBeTrue();
        Offer(timeline, source, 1, Second, "1").ShouldBeTrue();
        Offer(timeline, source, 3, Second, "3").ShouldBeFalse();
        Should.Throw<ArgumentException>(() => timeline.Add("a", Prompt));
    }

    private static bool Offer(Timeline<string> timeline, TimelineSource source, UInt128 key, long when, string what) =>
        timeline.Offer(source, key, new UtcInterval(when, when), what, when);

    private static TimelineOffer TryOffer(Timeline<string> timeline, TimelineSource source, int key) =>
        timeline.TryOffer(source, (UInt128)key, new UtcInterval(Second + key, Second + key), $"{key}", Second);

    private static string[] Due(Timeline<string> timeline, long now)
    {
        var due = new List<TimelineEvent<string>>();
        timeline.Take(now, due);
        return [.. due.Select(each => each.What + (each.IsLate ? "!" : ""))];
    }
}
