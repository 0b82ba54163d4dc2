using System.Text;
using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Reads answers as they come in, within limits.</summary>
internal static class SoapReader
{
    private const string FaultSuffix = "Fault";

    private static readonly XmlReaderSettings Settings = new()
    {
        Async = true,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        // Between the members of a value it is layout; a text of nothing but white space says as much as none.
        IgnoreWhitespace = true,
    };

    /// <summary>Reads an answer.</summary>
    /// <param name="body">Its bytes, bounded: see <see cref="AnswerStream"/>.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="take">Takes what is returned, each element as soon as it is read; null: all are in the reply.</param>
    /// <exception cref="XmlException">It is no XML.</exception>
    /// <exception cref="InvalidDataException">It is XML, but no answer.</exception>
    /// <exception cref="AnswerTooLongException">It is too much.</exception>
    public static async Task<SoapReply> ReadAsync(Stream body, SoapLimits limits, Action<VimValue>? take)
    {
        var envelope = await ReadDocumentAsync(body, "Envelope", SoapEnvelope.Namespace, limits, take).ConfigureAwait(false);
        if (envelope["Body"] is not { Members.Count: > 0 } content)
            throw new InvalidDataException("SOAP without a body");
        var (name, answer) = content.Members[0];
        return name == FaultSuffix ? new SoapReply([], Fault(answer)) : new SoapReply([.. answer.All(VimValueReader.Returned)], null);
    }

    /// <summary>Reads an XML document.</summary>
    /// <param name="body">Its bytes, bounded.</param>
    /// <param name="root">Name of its root.</param>
    /// <param name="space">Namespace of its root.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="take">Takes what a method returned, each element as soon as it is read, and out of the document; null: they stay in it.</param>
    /// <exception cref="XmlException">It is none.</exception>
    /// <exception cref="InvalidDataException">It has another root.</exception>
    /// <exception cref="AnswerTooLongException">It is too much.</exception>
    public static async Task<VimValue> ReadDocumentAsync(Stream body, string root, string space, SoapLimits limits, Action<VimValue>? take = null)
    {
        // Whatever it claims to be: it is UTF-8, or no server's.
        using var text = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
        using var xml = XmlReader.Create(text, Settings);
        while (xml.NodeType != XmlNodeType.Element)
        {
            if (!await xml.ReadAsync().ConfigureAwait(false))
                throw new InvalidDataException("empty");
        }
        return xml.LocalName == root && xml.NamespaceURI == space
            ? await new VimValueReader(xml, limits, take).ReadAsync().ConfigureAwait(false)
            : throw new InvalidDataException(xml.LocalName.Equals("html", StringComparison.OrdinalIgnoreCase) ? "a web page" : "XML, but no SOAP");
    }

    private static VimFaultException Fault(VimValue fault)
    {
        var message = fault["faultstring"]?.Text ?? "";
        if (fault["detail"] is not { Members.Count: > 0 } detail)
            return new VimFaultException(fault["faultcode"]?.Text is { Length: > 0 } code ? code[(code.LastIndexOf(':') + 1)..] : FaultSuffix, message);
        var (name, value) = detail.Members[0];
        // The element is named after the type, with a suffix.
        return new VimFaultException(value.Type ?? (name.EndsWith(FaultSuffix, StringComparison.Ordinal) ? name[..^FaultSuffix.Length] : name), message, value);
    }
}
