using System.Runtime.InteropServices;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// One statistic, <c>struct kvm_stats_desc</c> (include/uapi/linux/kvm.h): where its values are and what they mean.
/// </summary>
/// <param name="Name">KVM's name of it.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Unit">What they count.</param>
/// <param name="Base">10 or 2: a value is so many times <c>Base</c> to the power of <c>Exponent</c> units.</param>
/// <param name="Exponent">See <c>Base</c>.</param>
/// <param name="Count">Values: 1, or the ranges of a histogram.</param>
/// <param name="Offset">Of the first in the block of values, bytes.</param>
/// <param name="BucketSize">Of a linear histogram: width of a range, in the values' own unit.</param>
internal sealed record KvmStatsDescriptor(string Name, KvmStatType Type, KvmStatUnit Unit, int Base, int Exponent, int Count, int Offset, uint BucketSize)
{
    private const int NanoExponent = -9;

    /// <summary>Bytes from the beginning of the block of values to the end of this one's.</summary>
    internal int End => Offset + (Count * sizeof(ulong));

    /// <summary>What one of the raw values is worth, in units.</summary>
    internal double Scale => Math.Pow(Base, Exponent);

    /// <summary>A raw value.</summary>
    /// <param name="data">The block of values, at least <see cref="End"/> bytes.</param>
    /// <param name="index">Which, for histograms.</param>
    internal ulong Read(ReadOnlySpan<byte> data, int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return MemoryMarshal.Read<ulong>(data[(Offset + (index * sizeof(ulong)))..]);
    }

    /// <summary>A value in units: seconds, bytes.</summary>
    /// <param name="data">The block of values, at least <see cref="End"/> bytes.</param>
    /// <param name="index">Which, for histograms.</param>
    internal double ReadScaled(ReadOnlySpan<byte> data, int index = 0) => Read(data, index) * Scale;

    /// <summary>A value that is a time, ns.</summary>
    /// <param name="data">The block of values, at least <see cref="End"/> bytes.</param>
    internal ulong ReadNanoseconds(ReadOnlySpan<byte> data) => Base == 10 && Exponent == NanoExponent ? Read(data) : (ulong)(ReadScaled(data) * 1e9);

    /// <summary>
    /// The bound that the values counted in a range of a histogram are below, in units; infinity for the last. By
    /// kvm_stats_linear_hist_update() and kvm_stats_log_hist_update() (include/linux/kvm_host.h): linear ranges begin at 0, the first
    /// logarithmic one is 0 alone and each further one begins at a power of 2.
    /// </summary>
    /// <param name="bucket">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="InvalidOperationException">It is no histogram.</exception>
    internal double UpperBound(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)bucket, (uint)Count, nameof(bucket));
        var bound = Type switch
        {
            KvmStatType.LinearHistogram => (bucket + 1.0) * BucketSize,
            KvmStatType.LogHistogram => Math.Pow(2, bucket),
            _ => throw new InvalidOperationException($"{Name} is no histogram"),
        };
        return bucket == Count - 1 ? double.PositiveInfinity : bound * Scale;
    }

    /// <summary>Reads a descriptor.</summary>
    /// <param name="bytes">All of it, its name included.</param>
    /// <returns>Null for a type, unit or base that came after Linux 7.2: to be passed over, as the interface's rules say.</returns>
    /// <exception cref="InvalidDataException">It makes no sense.</exception>
    internal static KvmStatsDescriptor? Parse(ReadOnlySpan<byte> bytes)
    {
        var padded = bytes[KvmStatsHeader.FixedDescriptorSize..];
        var length = padded.IndexOf((byte)0);
        var name = length < 0 ? padded : padded[..length];
        if (name.IsEmpty || name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0)
            throw new InvalidDataException($"a statistic of KVM has a name that is none: {Convert.ToHexString(name.Length > 16 ? name[..16] : name)}");
        var text = System.Text.Encoding.ASCII.GetString(name);
        var flags = MemoryMarshal.Read<uint>(bytes);
        var exponent = MemoryMarshal.Read<short>(bytes[4..]);
        var count = MemoryMarshal.Read<ushort>(bytes[6..]);
        var offset = MemoryMarshal.Read<uint>(bytes[8..]);
        var bucket = MemoryMarshal.Read<uint>(bytes[12..]);
        var (type, unit, power) = ((KvmStatType)(flags & 15), (KvmStatUnit)(flags >> 4 & 15), flags >> 8 & 15);
        if (type > KvmStatType.LogHistogram || unit > KvmStatUnit.Boolean || power > 1)
            return null;
        if (count == 0 || (type < KvmStatType.LinearHistogram && count != 1))
            throw new InvalidDataException($"KVM's statistic {text} has {count} values");
        if (offset > KvmStatsHeader.MaxFile - (count * (long)sizeof(ulong)))
            throw new InvalidDataException($"KVM's statistic {text} has its {count} values at {offset}, beyond {KvmStatsHeader.MaxFile}");
        if (type == KvmStatType.LinearHistogram && bucket == 0)
            throw new InvalidDataException($"KVM's statistic {text} is a histogram whose ranges are 0 wide");
        return new KvmStatsDescriptor(text, type, unit, power == 0 ? 10 : 2, exponent, count, (int)offset, bucket);
    }
}
