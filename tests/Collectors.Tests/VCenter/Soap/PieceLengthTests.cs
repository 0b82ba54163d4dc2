using System.Text;
using System.Xml;
using Observe.Collectors.VCenter.Soap;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Soap;

public sealed class PieceLengthTests
{
    /// <summary>Documents with all that may look like the end or the beginning of a tag, read in pieces of any size.</summary>
    [Fact]
    public void Take_AnyDocumentInAnyPieces_RefusesOnlyWhatIsTooLong()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var longest = 20;
            var text = new StringBuilder();
            using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment }))
            {
                for (var i = 0; i < 200; i++)
                    longest = Math.Max(longest, Write(xml, random));
            }
            var bytes = Encoding.UTF8.GetBytes(text.ToString());

            Take(bytes, random, new SoapLimits { MaxTag = longest + 30, MaxText = 4000 }).ShouldBeNull(text.ToString());
            Take(bytes, random, new SoapLimits { MaxTag = 8, MaxText = 4000 }).ShouldBe("a tag of more than 8 bytes");
        }
    }

    /// <summary>Returns the longest tag without its name and its signs.</summary>
    private static int Write(XmlWriter xml, Random random)
    {
        string[] traps = ["<a q=\"", "'", "\"", ">", "--", "->", "]]", "]>", "?", "/>", "ä€", " "];
        var trap = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => traps[random.Next(traps.Length)]));
        switch (random.Next(5))
        {
            case 0:
                xml.WriteComment(trap);
                return 0;
            case 1:
                xml.WriteCData(trap.Replace("]]>", "", StringComparison.Ordinal));
                return 0;
            case 2:
                xml.WriteProcessingInstruction("p", trap);
                return Encoding.UTF8.GetByteCount(trap);
            case 3:
                xml.WriteString(trap);
                return 0;
            default:
                xml.WriteStartElement("element");
                xml.WriteAttributeString("x", trap);
                xml.WriteAttributeString("y", trap);
                xml.WriteString(trap);
                xml.WriteEndElement();
                // Signs are written as entities of up to six letters.
                return 2 * 6 * trap.Length;
        }
    }

    private static string? Take(ReadOnlySpan<byte> bytes, Random random, SoapLimits limits)
    {
        var piece = new PieceLength(limits);
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, random.Next(1, 40));
            if (piece.Take(bytes[..length]) is { } tooLong)
                return tooLong;
            bytes = bytes[length..];
        }
        return null;
    }
}
