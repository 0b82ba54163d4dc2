using System.Text;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// KVM's binary statistics of a virtual machine or a vCPU: the file behind the descriptor that KVM_GET_STATS_FD makes
/// (Documentation/virt/kvm/api.rst, 4.133; Linux 5.14). Its front says once what there is; then the block of values is read again
/// and again, <see cref="DataLength"/> bytes from <see cref="DataOffset"/>. Pure: bytes in, numbers out.
/// </summary>
internal sealed class KvmBinaryStats
{
    private readonly KvmStatsDescriptor[] descriptors;

    private KvmBinaryStats(string id, KvmStatsDescriptor[] descriptors, int dataOffset)
    {
        Id = id;
        this.descriptors = descriptors;
        DataOffset = dataOffset;
        foreach (var descriptor in descriptors)
            DataLength = Math.Max(DataLength, descriptor.End);
    }

    /// <summary>What KVM calls it: <c>kvm-123</c>, <c>kvm-123/vcpu-0</c>, with the number of the thread that made it.</summary>
    internal string Id { get; }

    /// <summary>What there is, in KVM's order; without what is not understood.</summary>
    internal ReadOnlySpan<KvmStatsDescriptor> Descriptors => descriptors;

    /// <summary>Of the values in the file, bytes.</summary>
    internal int DataOffset { get; }

    /// <summary>Of the values, bytes: as much as the descriptors reach to.</summary>
    internal int DataLength { get; }

    /// <summary>Reads a file's front.</summary>
    /// <param name="file">From the file's beginning, at least <see cref="KvmStatsHeader.FrontLength"/> bytes.</param>
    /// <exception cref="InvalidDataException">It is cut off or makes no sense; nothing else is thrown, whatever the bytes are.</exception>
    internal static KvmBinaryStats Parse(ReadOnlySpan<byte> file)
    {
        var header = KvmStatsHeader.Parse(file);
        if (file.Length < header.FrontLength)
            throw new InvalidDataException($"KVM's statistics are cut off: {file.Length} bytes of the {header.FrontLength} before the values");
        var id = file.Slice(header.IdOffset, header.NameSize);
        var end = id.IndexOf((byte)0);
        var found = new List<KvmStatsDescriptor>(header.Count);
        for (var i = 0; i < header.Count; i++)
        {
            if (KvmStatsDescriptor.Parse(file.Slice(header.DescriptorOffset + (i * header.DescriptorSize), header.DescriptorSize)) is not { } descriptor)
                continue;
            if (header.DataOffset + (long)descriptor.End > KvmStatsHeader.MaxFile)
                throw new InvalidDataException($"KVM's statistic {descriptor.Name} ends at {header.DataOffset + (long)descriptor.End}, beyond {KvmStatsHeader.MaxFile}");
            found.Add(descriptor);
        }
        return new KvmBinaryStats(Encoding.ASCII.GetString(end < 0 ? id : id[..end]), [.. found], header.DataOffset);
    }

    /// <summary>A statistic by name.</summary>
    /// <param name="name">KVM's name of it.</param>
    /// <returns>Null if this kernel has none of that name.</returns>
    internal KvmStatsDescriptor? Find(string name) => Array.Find(descriptors, descriptor => descriptor.Name == name);
}
