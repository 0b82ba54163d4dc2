using Observe.Telemetry.Perfetto;
using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Tests.Perfetto;

/// <summary>A reader finds what was added, in whatever order, and however it overlaps.</summary>
public class PerfettoTraceTests
{
    private const ulong Start = 1_700_000_000_000_000_000;
    private static readonly TraceClock Clock = new(Start, 5_000_000_000, 7_000_000_000);

    [Fact]
    public void WriteTo_SlicesAndInstants_AreOnTheirTracks()
    {
        var trace = new PerfettoTrace(Clock);
        var web = trace.AddTrack("web");
        var waits = trace.AddTrack("waits", web);
        trace.AddInstant(web, "oom", Start + 50, [new("container.id", "abc")]);
        trace.AddSlice(waits, "wait", Start + 10, Start + 40, [new("culprit", "db"), new("share", "0.9")]);
        trace.AddSlice(waits, "wait", Start + 60, Start + 61, [new("culprit", "\u00e9\"\n")]);

        var read = new ReadTrace(trace);
        read.Slices.ShouldBe([new("web/waits", "wait", Start + 10, Start + 40, "culprit=db,share=0.9"), new("web/waits", "wait", Start + 60, Start + 61, "culprit=\u00e9\"\n")]);
        read.Instants.ShouldBe([("web", "oom", Start + 50, "container.id=abc")]);
        trace.Count.ShouldBe(3);
    }

    [Fact]
    public void WriteTo_Clocks_AllTimesAreOfTheRealTimeClock()
    {
        var trace = new PerfettoTrace(Clock);
        trace.AddClock(new TraceClock(Start + 9, 5_000_000_008, 7_000_000_007));
        trace.AddInstant(trace.AddTrack("t"), "i", Start);

        var read = new ReadTrace(trace);
        read.Packets[0].TracePacketDefaults.TimestampClockId.ShouldBe(1u);
        read.Packets.ShouldAllBe(packet => !packet.HasTimestampClockId);
        read.Packets.Where(packet => packet.ClockSnapshot is not null).Select(packet => packet.ClockSnapshot).ShouldAllBe(snapshot => snapshot.PrimaryTraceClock == 1);
        read.Packets.SelectMany(packet => packet.ClockSnapshot?.Clocks ?? []).Select(clock => (clock.ClockId, clock.Timestamp))
            .ShouldBe([(1u, Start), (3u, 5_000_000_000ul), (6u, 7_000_000_000ul), (1u, Start + 9), (3u, 5_000_000_008ul), (6u, 7_000_000_007ul)]);
    }

    [Fact]
    public void WriteTo_OverlappingSlices_AreDividedAmongLanesOfOneName()
    {
        var trace = new PerfettoTrace(Clock);
        var parent = trace.AddTrack("web");
        var waits = trace.AddTrack("waits", parent);
        trace.AddSlice(waits, "a", Start + 0, Start + 10);
        trace.AddSlice(waits, "b", Start + 5, Start + 15); // overlaps a
        trace.AddSlice(waits, "c", Start + 2, Start + 4);  // within a
        trace.AddSlice(waits, "d", Start + 10, Start + 20); // behind a, overlaps b
        trace.AddSlice(waits, "e", Start + 10, Start + 20); // the same as d: within it

        var read = new ReadTrace(trace);
        read.Slices.Select(each => (each.Name, each.Begin - Start, each.End - Start)).ShouldBe(
            [("a", 0ul, 10ul), ("b", 5ul, 15ul), ("c", 2ul, 4ul), ("d", 10ul, 20ul), ("e", 10ul, 20ul)], ignoreOrder: true);
        read.Tracks.Values.Where(track => track.Name == "waits").Select(track => track.ParentUuid).ShouldBe([1ul, 1ul], "Perfetto draws siblings of one name as one");
    }

    [Fact]
    public void WriteTo_RandomEvents_AreReadBackToTheLastOne()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var trace = new PerfettoTrace(Clock);
            var tracks = Enumerable.Range(0, 3).Select(i => trace.AddTrack($"t{i}")).ToArray();
            var slices = new List<ReadTrace.Slice>();
            var instants = new List<(string, string, ulong, string)>();
            for (var i = 0; i < 60; i++)
            {
                var track = tracks[random.Next(3)];
                // Few different times, so that many begin and end together, and some take no time.
                var begin = Start + (ulong)random.Next(20);
                var end = begin + (ulong)random.Next(8);
                // A name of its own: what ends is what began.
                if (random.Next(4) == 0)
                {
                    trace.AddInstant(track, $"i{i}", begin);
                    instants.Add((track.Name, $"i{i}", begin, ""));
                }
                else
                {
                    trace.AddSlice(track, $"s{i}", begin, end);
                    slices.Add(new ReadTrace.Slice(track.Name, $"s{i}", begin, end, ""));
                }
            }
            var read = new ReadTrace(trace);
            read.Slices.ShouldBe(slices, ignoreOrder: true, $"seed {seed}");
            read.Instants.ShouldBe(instants, ignoreOrder: true, $"seed {seed}");
        }
    }

    [Fact]
    public void WriteTo_SameNames_AreWrittenOnce()
    {
        var trace = new PerfettoTrace(Clock);
        var track = trace.AddTrack("t");
        for (var i = 0ul; i < 1000; i++)
            trace.AddSlice(track, "a name of some length", Start + (2 * i), Start + (2 * i) + 1, [new("a key of some length", "v")]);
        var writer = new ProtobufWriter();
        trace.WriteTo(writer);
        // Begin and end together; with the texts in each it would be twice as much.
        (writer.Length / 1000).ShouldBeLessThan(64);
        new ReadTrace(trace).Slices.ShouldAllBe(each => each.Name == "a name of some length" && each.Annotations == "a key of some length=v");
    }

    [Fact]
    public void WriteTo_Nothing_IsATraceAllTheSame()
    {
        var read = new ReadTrace(new PerfettoTrace(Clock));
        read.Packets.Count.ShouldBe(1);
        read.Slices.ShouldBeEmpty();
    }

    [Fact]
    public void WriteTo_Twice_WritesTheSame()
    {
        var trace = new PerfettoTrace(Clock);
        var track = trace.AddTrack("t");
        for (var i = 0; i < 50; i++)
            trace.AddSlice(track, $"s{i}", Start + (ulong)(i * 7 % 10), Start + 20);
        ProtobufWriter first = new(), second = new();
        trace.WriteTo(first);
        trace.WriteTo(second);
        second.Written.SequenceEqual(first.Written).ShouldBeTrue();
    }

    [Fact]
    public void Add_WhatCannotBe_IsRefused()
    {
        var trace = new PerfettoTrace(Clock);
        var track = trace.AddTrack("t");
        Should.Throw<ArgumentException>(() => trace.AddSlice(track, "back", Start + 3, Start)).Message.ShouldContain("'back' ends 3 ns before it begins");
        Should.Throw<ArgumentException>(() => trace.AddInstant(new PerfettoTrace(Clock).AddTrack("other"), "x", Start)).Message.ShouldContain("'other' is another trace's");
        trace.Count.ShouldBe(0);
    }
}
