using System.Buffers;
using System.Diagnostics;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>A scrape of series that were written before allocates nothing at all. Alone, because scrapes share a protobuf writer.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests(ITestOutputHelper log)
{
    /// <summary>With a histogram (28 lines), a counter and a gauge each: 30,000 series in the text format.</summary>
    private const int Workloads = 1000;

    /// <summary>Enough to see the steady state after the JIT is done.</summary>
    private const int Rounds = 20;

    private static readonly ExemplarSlots Slots = SomeSlots();

    public static TheoryData<ExpositionFormat> Formats => [ExpositionFormat.Text, ExpositionFormat.OpenMetrics, ExpositionFormat.Protobuf];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_SecondTime_AllocatesNothing(ExpositionFormat format)
    {
        using var lease = Build();
        var output = new ArrayBufferWriter<byte>();
        Exposition.Write(format, lease.Snapshot, output);
        var first = output.WrittenSpan.ToArray();

        Allocated.ShouldBeNothing(() =>
        {
            output.ResetWrittenCount();
            Exposition.Write(format, lease.Snapshot, output);
        });

        output.WrittenSpan.SequenceEqual(first).ShouldBeTrue("the second write must be the first one again");
        log.WriteLine($"{format}: {Workloads * 30:N0} series, {first.Length / 1024:N0} KiB, {BestMilliseconds(format, lease.Snapshot, output):F2} ms");
    }

    [Fact]
    public void BuildAndWrite_SecondCollection_AllocatesNothing()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        var series = SeriesOf(Workloads);
        var output = new ArrayBufferWriter<byte>();
        // Three snapshots take turns: one being built, one being read, one in the pool.
        for (var i = 0; i < 3; i++)
            Scrape(builder, series, output);

        Allocated.ShouldBeNothing(() => Scrape(builder, series, output));
    }

    private static void Scrape(SnapshotBuilder builder, List<Series> series, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        Fill(builder, series);
        using var lease = builder.Build(1);
        Exposition.Write(ExpositionFormat.Text, lease.Snapshot, output);
    }

    private static double BestMilliseconds(ExpositionFormat format, MetricSnapshot snapshot, ArrayBufferWriter<byte> output)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            output.ResetWrittenCount();
            var start = Stopwatch.GetTimestamp();
            Exposition.Write(format, snapshot, output);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }

    private static MetricSnapshot.Lease Build()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        Fill(builder, SeriesOf(Workloads));
        return builder.Build(1);
    }

    private static List<Series> SeriesOf(int workloads) =>
    [
        .. Enumerable.Range(0, workloads).SelectMany(i =>
        {
            var resource = new Resource([], [new("workload", $"workload-{i}"), new("workload_kind", "container"), new("workload_id", $"{i:x12}")]);
            return new[]
            {
                new Series(MetricCatalog.RunqueueWait, resource, Fixture.Start, []),
                new Series(MetricCatalog.ThreadTime, resource, Fixture.Start, ["running"]),
                new Series(MetricCatalog.QuotaCores, resource, 0, []),
            };
        }),
    ];

    /// <summary>Some of every histogram's, as in a storm of stalls.</summary>
    private static ExemplarSlots SomeSlots()
    {
        var slots = new ExemplarSlots();
        for (var i = 1UL; i < 6; i++)
            slots.Offer(new Exemplar(0.02 * i * i, i, new UInt128(i, i), i));
        return slots;
    }

    private static void Fill(SnapshotBuilder builder, List<Series> series)
    {
        Span<ulong> cells = stackalloc ulong[ExponentialLayout.Cells];
        for (var cell = 20; cell < 90; cell += cell % 5)
            cells[cell++] = (ulong)cell * 1000;
        var count = 0UL;
        foreach (var cell in cells)
            count += cell;
        for (var i = 0; i < series.Count; i++)
        {
            if (series[i].Metric.Kind == MetricKind.Histogram)
                builder.AddHistogram(series[i], 123.456789012 * i, count, cells, Slots);
            else
                builder.Add(series[i], 98765.432109876 * i);
        }
    }
}
