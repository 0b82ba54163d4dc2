using System.Buffers.Binary;
using System.Text;

namespace Observe.Collectors.Tests.Kvm.Stats;

/// <summary>
/// A file of KVM's binary statistics made by hand, as Documentation/virt/kvm/api.rst 4.133 lays it out: the head, the identifier,
/// the descriptors and the values, one behind the other.
/// </summary>
internal sealed class StatsFile(string id, int nameSize = 48)
{
    // Documentation/virt/kvm/api.rst: bits 0-3 of the flags are the type, 4-7 the unit, 8-11 the base.
    internal const uint Cumulative = 0, Instant = 1, Linear = 3, Log = 4;
    internal const uint Bytes = 1 << 4, Seconds = 2 << 4;
    internal const uint Base2 = 1 << 8;

    private const int HeadSize = 24;

    private readonly List<(byte[] Descriptor, ulong[] Values)> stats = [];
    private uint dataLength;

    internal StatsFile With(string name, uint flags, short exponent, params ulong[] values) => WithBuckets(name, flags, exponent, 0, values);

    internal StatsFile WithBuckets(string name, uint flags, short exponent, uint bucketSize, params ulong[] values)
    {
        var descriptor = new byte[16 + nameSize];
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, flags);
        BinaryPrimitives.WriteInt16LittleEndian(descriptor.AsSpan(4), exponent);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor.AsSpan(6), (ushort)values.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(8), dataLength);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(12), bucketSize);
        Encoding.ASCII.GetBytes(name, descriptor.AsSpan(16));
        stats.Add((descriptor, values));
        dataLength += (uint)values.Length * 8;
        return this;
    }

    internal byte[] Build()
    {
        var front = HeadSize + nameSize + (stats.Count * (16 + nameSize));
        var file = new byte[front + dataLength];
        Put(file, 4, nameSize);
        Put(file, 8, stats.Count);
        Put(file, 12, HeadSize);
        Put(file, 16, HeadSize + nameSize);
        Put(file, 20, front);
        Encoding.ASCII.GetBytes(id, file.AsSpan(HeadSize));
        var at = HeadSize + nameSize;
        foreach (var (descriptor, _) in stats)
        {
            descriptor.CopyTo(file.AsSpan(at));
            at += descriptor.Length;
        }
        foreach (var value in stats.SelectMany(stat => stat.Values))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
            at += 8;
        }
        return file;
    }

    internal static void Put(byte[] file, int at, long number) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), (uint)number);

    /// <summary>A vCPU as Linux has it, in small.</summary>
    internal static StatsFile Vcpu() => new StatsFile("kvm-123/vcpu-4")
        .With("halt_wakeup", Cumulative, 0, 7)
        .With("halt_wait_ns", Cumulative | Seconds, -9, 1_500_000_000)
        .With("halt_wait_hist", Log | Seconds, -9, 1, 2, 3, 4, 5)
        .WithBuckets("linear", Linear | Bytes, 0, 100, 6, 7, 8)
        .With("memory", Instant | Bytes | Base2, 10, 3)
        .With("exits", Cumulative, 0, ulong.MaxValue);
}
