using Google.Protobuf;
using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Tests.Protobuf;

/// <summary>The bytes are those of Google's encoder.</summary>
public class ProtobufWriterTests
{
    public static TheoryData<ulong> Varints => [0, 1, 127, 128, 16383, 16384, uint.MaxValue, 1UL << 63, ulong.MaxValue];

    /// <summary>Sizes around where a length takes a byte more, and lengths guessed right, too short and too long.</summary>
    public static MatrixTheoryData<int, int> SizesAndGuesses => new([0, 1, 120, 127, 128, 129, 16_380, 16_384, 2_097_152], [1, 2, 3, 5]);

    [Theory]
    [MemberData(nameof(Varints))]
    public void WriteVarint_Value_IsGooglesBytes(ulong value) => Written(writer =>
    {
        writer.WriteVarint(1, value);
        writer.WriteVarint(15, value);
        writer.WriteVarint(16, value);
        writer.WriteVarint(536_870_911, value);
        writer.WriteRawVarint(value);
    }).ShouldBe(Google(output =>
    {
        foreach (var field in new[] { 1, 15, 16, 536_870_911 })
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteUInt64(value);
        }
        output.WriteUInt64(value);
    }));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-64)]
    [InlineData(64)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void WriteZigZag_Value_IsGooglesBytes(long value) => Written(writer =>
    {
        writer.WriteZigZag(5, value);
        writer.WriteRawZigZag(value);
    }).ShouldBe(Google(output =>
    {
        output.WriteTag(5, WireFormat.WireType.Varint);
        output.WriteSInt64(value);
        output.WriteSInt64(value);
    }));

    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(Math.PI)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void WriteDouble_Value_IsGooglesBytes(double value) => Written(writer =>
    {
        writer.WriteDouble(2, value);
        writer.WriteRawDouble(value);
    }).ShouldBe(Google(output =>
    {
        output.WriteTag(2, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
        output.WriteDouble(value);
    }));

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("caf\u00e9 \U0001F433")]
    public void WriteString_Text_IsGooglesBytes(string text) => Written(writer => writer.WriteString(3, text)).ShouldBe(Google(output =>
    {
        output.WriteTag(3, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }));

    [Fact]
    public void WriteString_HalfASurrogatePair_IsReplaced() =>
        Written(writer => writer.WriteString(1, "a\ud800b")).ShouldBe(Written(writer => writer.WriteString(1, "a\uFFFDb")));

    [Theory]
    [MemberData(nameof(SizesAndGuesses))]
    public void End_ContentOfAnySizeBehindAnyGuess_HasTheShortestLength(int size, int guess)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        Written(writer =>
        {
            writer.WriteVarint(1, 7);
            var outer = writer.Begin(2, guess);
            var inner = writer.Begin(3, guess);
            writer.WriteRaw(content);
            writer.End(inner);
            writer.WriteVarint(4, 8);
            writer.End(outer);
            writer.WriteVarint(5, 9);
        }).ShouldBe(Written(writer =>
        {
            writer.WriteVarint(1, 7);
            writer.WriteBytes(2, Written(nested =>
            {
                nested.WriteBytes(3, content);
                nested.WriteVarint(4, 8);
            }));
            writer.WriteVarint(5, 9);
        }));
    }

    [Fact]
    public void WriteBytes_Content_IsGooglesBytes()
    {
        var content = new byte[20_000];
        new Random(3).NextBytes(content);
        Written(writer => writer.WriteBytes(9, content)).ShouldBe(Google(output =>
        {
            output.WriteTag(9, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }));
    }

    [Fact]
    public void Clear_AfterWriting_KeepsTheArrayAndAllocatesNothing()
    {
        var writer = new ProtobufWriter(capacity: 1);
        writer.WriteBytes(1, new byte[100_000]);
        var capacity = writer.Capacity;
        var content = new byte[50_000];
        writer.Clear();
        writer.Length.ShouldBe(0);

        Allocated.ShouldBeNothing(() =>
        {
            writer.Clear();
            writer.WriteBytes(1, content);
        });
        writer.Capacity.ShouldBe(capacity);
    }

    private static byte[] Written(Action<ProtobufWriter> write)
    {
        // One byte of room: everything has to grow.
        var writer = new ProtobufWriter(capacity: 1);
        write(writer);
        return writer.Written.ToArray();
    }

    private static byte[] Google(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }
}
