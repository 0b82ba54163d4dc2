using System.Runtime.InteropServices;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// The head of a statistics file, <c>struct kvm_stats_header</c> (include/uapi/linux/kvm.h): six 32-bit numbers in the
/// machine's byte order. Offsets are from the file's beginning, in bytes.
/// </summary>
/// <param name="NameSize">Bytes of each name, NUL and padding included; also of the identifier.</param>
/// <param name="Count">Statistics.</param>
/// <param name="IdOffset">Of the identifier.</param>
/// <param name="DescriptorOffset">Of the first descriptor.</param>
/// <param name="DataOffset">Of the values.</param>
internal readonly record struct KvmStatsHeader(int NameSize, int Count, int IdOffset, int DescriptorOffset, int DataOffset)
{
    /// <summary>Bytes of it.</summary>
    internal const int Size = 24;

    /// <summary>Longest file believed, bytes. Linux 7.2 on x86-64 has 10 KiB for a vCPU.</summary>
    internal const int MaxFile = 1 << 20;

    /// <summary>Bytes of a descriptor before its name.</summary>
    internal const int FixedDescriptorSize = 16;

    /// <summary>Longest name believed, bytes. Linux has 48 (KVM_STATS_NAME_SIZE).</summary>
    private const int MaxName = 4096;

    /// <summary>Bytes of a descriptor.</summary>
    internal int DescriptorSize => FixedDescriptorSize + NameSize;

    /// <summary>Bytes from the beginning in which all is that does not change: identifier and descriptors.</summary>
    internal int FrontLength => Math.Max(IdOffset + NameSize, DescriptorOffset + (Count * DescriptorSize));

    /// <summary>Reads it.</summary>
    /// <param name="file">The file's beginning.</param>
    /// <exception cref="InvalidDataException">It is cut off, or points outside of <see cref="MaxFile"/> or into itself.</exception>
    internal static KvmStatsHeader Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < Size)
            throw new InvalidDataException($"the head of KVM's statistics has {Size} bytes, and there are {file.Length}");
        var nameSize = Number(file, 4);
        var count = Number(file, 8);
        if (nameSize is 0 or > MaxName)
            throw new InvalidDataException($"KVM's statistics have names of {nameSize} bytes, which cannot be (1 to {MaxName})");
        if (count is 0 or > MaxFile / FixedDescriptorSize)
            throw new InvalidDataException($"KVM's statistics are {count} in number, which cannot be (1 to {MaxFile / FixedDescriptorSize})");
        var id = Place(file, 12, nameSize, "identifier");
        var descriptors = Place(file, 16, count * (FixedDescriptorSize + (long)nameSize), "descriptors");
        var data = Place(file, 20, sizeof(ulong), "values");
        return new KvmStatsHeader((int)nameSize, (int)count, id, descriptors, data);
    }

    private static int Place(ReadOnlySpan<byte> file, int at, long length, string what)
    {
        var offset = Number(file, at);
        return offset >= Size && offset + length <= MaxFile
            ? (int)offset
            : throw new InvalidDataException($"KVM's statistics have their {what} at {offset}, {length} bytes: not between the head and {MaxFile}");
    }

    private static long Number(ReadOnlySpan<byte> file, int at) => MemoryMarshal.Read<uint>(file[at..]);
}
