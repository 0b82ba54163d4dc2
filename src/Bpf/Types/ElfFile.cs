using System.Buffers.Binary;

namespace Observe.Bpf.Types;

/// <summary>Just enough of ELF64 to find a section by name.</summary>
internal static class ElfFile
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int NoBits = 8;

    /// <exception cref="InvalidDataException">Not a little-endian ELF64 file, cut off, or without the section.</exception>
    internal static ReadOnlyMemory<byte> Section(ReadOnlyMemory<byte> elf, string name, string source)
    {
        var file = elf.Span;
        if (file.Length < HeaderSize || !file.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException($"{source} is not a 64-bit little-endian ELF file");
        var table = (long)BinaryPrimitives.ReadUInt64LittleEndian(file[0x28..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3C..]);
        var names = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3E..]);
        if (table <= 0 || table + ((long)count * SectionHeaderSize) > file.Length || names >= count)
            throw new InvalidDataException($"{source} is cut off: its section table lies outside of it");
        var headers = file.Slice((int)table, count * SectionHeaderSize);
        var strings = Content(elf, headers, names, source).Span;
        for (var i = 0; i < count; i++)
            if (IsNamed(strings, BinaryPrimitives.ReadUInt32LittleEndian(headers[(i * SectionHeaderSize)..]), name))
                return Content(elf, headers, i, source);
        throw new InvalidDataException($"{source} has no section {name}; compile it with -g");
    }

    private static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> elf, ReadOnlySpan<byte> headers, int i, string source)
    {
        var header = headers.Slice(i * SectionHeaderSize, SectionHeaderSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == NoBits)
            return default;
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
        return offset <= (ulong)elf.Length && size <= (ulong)elf.Length - offset
            ? elf.Slice((int)offset, (int)size)
            : throw new InvalidDataException($"{source} is cut off: section {i} lies outside of it");
    }

    private static bool IsNamed(ReadOnlySpan<byte> strings, uint at, string name)
    {
        if (at >= strings.Length)
            return false;
        var rest = strings[(int)at..];
        var end = rest.IndexOf((byte)0);
        return end == name.Length && System.Text.Ascii.Equals(rest[..end], name);
    }
}
