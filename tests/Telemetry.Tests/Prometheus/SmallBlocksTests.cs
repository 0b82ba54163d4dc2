using System.Buffers;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>What is written does not depend on how much room the output offers at a time.</summary>
public class SmallBlocksTests
{
    public static TheoryData<ExpositionFormat> Formats => [ExpositionFormat.Text, ExpositionFormat.OpenMetrics, ExpositionFormat.Protobuf];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_OutputOfExactBlocks_WritesTheSameBytes(ExpositionFormat format)
    {
        using var lease = WithLongLabel();
        var output = new ExactBlocks();
        Exposition.Write(format, lease.Snapshot, output);
        output.ToArray().ShouldBe(Written.Bytes(format, lease.Snapshot));
    }

    private static MetricSnapshot.Lease WithLongLabel()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        // Longer than any block.
        var resource = new Resource([], [new("workload", new string('\u00e9', 20_000)), new("workload_kind", "container"), new("workload_id", "1")]);
        for (var i = 0; i < 3; i++)
            builder.Add(new Series(MetricCatalog.ThreadTime, resource, Fixture.Start + (ulong)i, [$"{i}"]), i + 0.1);
        return builder.Build(1);
    }

    /// <summary>Gives what was asked for and not a byte more, and checks that no more is taken.</summary>
    private sealed class ExactBlocks : IBufferWriter<byte>
    {
        private readonly List<byte> written = [];
        private byte[] block = [];

        public byte[] ToArray() => [.. written];

        public void Advance(int count)
        {
            count.ShouldBeLessThanOrEqualTo(block.Length);
            written.AddRange(block.AsSpan(0, count));
            block = [];
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => block = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
