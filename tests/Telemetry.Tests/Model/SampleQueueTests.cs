using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

public sealed class SampleQueueTests
{
    private static readonly Resource Thing = new([], [new("vcenter", "a")]);
    private long dropped;

    private SampleQueue Queue(long maxValues = 1_000_000)
    {
        var queue = new SampleQueue(maxValues, points => dropped += points);
        queue.Open();
        return queue;
    }

    private static Series[] SeriesOf(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Series(MetricCatalog.Lost, Thing, 1, [$"{i}"]))];

    private static List<(Series Series, double Value, ulong Time)> Read(SampleChunk chunk)
    {
        var read = new List<(Series, double, ulong)>();
        foreach (var entry in chunk.Entries)
        {
            var values = chunk.ValuesOf(entry);
            for (var i = 0; i < values.Length; i++)
                read.Add((entry.Series[i], values[i], entry.TimeUnixNano));
        }
        return read;
    }

    [Fact]
    public void Take_AfterAdding_ReturnsAllInOrderOnce()
    {
        var queue = Queue();
        var series = SeriesOf(100);
        var values = new double[100];
        for (var round = 0; round < 1000; round++)
        {
            Array.Fill(values, round);
            queue.Add(series, values, (ulong)round);
        }
        queue.Waiting.ShouldBe(100_000);

        var times = new List<ulong>();
        while (queue.Take() is { } chunk)
        {
            foreach (var group in Read(chunk).GroupBy(each => each.Time))
            {
                times.Add(group.Key);
                group.Select(each => each.Series).ShouldBe(series);
                group.ShouldAllBe(each => each.Value == group.Key);
            }
            queue.Done(chunk);
        }

        times.ShouldBe(Enumerable.Range(0, 1000).Select(i => (ulong)i));
        queue.Waiting.ShouldBe(0);
        dropped.ShouldBe(0);
    }

    [Fact]
    public void Add_NobodyPushes_KeepsNothing()
    {
        var queue = new SampleQueue(1000, points => dropped += points);

        queue.Add(SeriesOf(1), [1], 1);

        queue.Waiting.ShouldBe(0);
        queue.Take().ShouldBeNull();
    }

    [Fact]
    public void Add_BeyondTheBound_LetsGoOfTheOldestAndCountsThem()
    {
        var queue = Queue(maxValues: 100_000);
        var series = SeriesOf(10);
        for (var round = 0; round < 50_000; round++)
            queue.Add(series, [1, 2, 3, 4, 5, 6, 7, 8, 9, double.NaN], (ulong)round);

        var left = 0L;
        ulong? last = null;
        while (queue.Take() is { } chunk)
        {
            left += chunk.Points;
            last = Read(chunk)[^1].Time;
            queue.Done(chunk);
        }

        last.ShouldBe(49_999UL);
        left.ShouldBeInRange(70_000, 90_000);
        (left + dropped).ShouldBe(9 * 50_000, "what is not known is no point");
    }

    [Fact]
    public void Add_WhileTheReceiverHasSome_NeverLetsGoOfThose()
    {
        var queue = Queue(maxValues: 40_000);
        var series = SeriesOf(1000);
        var values = Enumerable.Range(0, 1000).Select(i => (double)i).ToArray();
        for (var round = 0; round < 20; round++)
            queue.Add(series, values, (ulong)round);
        var taken = queue.Take()!;
        var before = Read(taken);

        for (var round = 20; round < 500; round++)
            queue.Add(series, values, (ulong)round);

        Read(taken).ShouldBe(before);
        queue.Done(taken);
        queue.Take()!.Entries[0].TimeUnixNano.ShouldBeGreaterThan(400UL);
    }

    [Fact]
    public void Take_LastNotDoneWith_Throws()
    {
        var queue = Queue();
        queue.Add(SeriesOf(1), [1], 1);
        queue.Take().ShouldNotBeNull();

        Should.Throw<InvalidOperationException>(() => queue.Take());
    }

    [Fact]
    public void Add_LargerThanAChunk_IsKeptWhole()
    {
        var queue = Queue();
        var series = SeriesOf(40_000);
        queue.Add(series, Enumerable.Range(0, 40_000).Select(i => (double)i).ToArray(), 7);

        var read = Read(queue.Take()!);

        read.Count.ShouldBe(40_000);
        (read[39_999] == (series[39_999], 39_999, 7UL)).ShouldBeTrue();
    }

    [Fact]
    public void Add_AndDoneAgainAndAgain_AllocatesNothing()
    {
        var queue = Queue();
        var series = SeriesOf(50);
        var values = new double[50];
        void Round()
        {
            for (var i = 0; i < 1000; i++)
                queue.Add(series, values, 1);
            while (queue.Take() is { } chunk)
                queue.Done(chunk);
        }
        Round();
        Round();

        // The nodes of the list of chunks: one for 16,384 values.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024);
    }
}
