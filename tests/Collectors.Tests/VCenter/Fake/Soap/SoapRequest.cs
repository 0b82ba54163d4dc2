using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>A request as it came: method and arguments.</summary>
/// <param name="Method">The method.</param>
/// <param name="Arguments">Its arguments, <c>_this</c> first.</param>
internal sealed record SoapRequest(string Method, VimValue Arguments)
{
    private const string Envelope = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreWhitespace = true, IgnoreProcessingInstructions = true };

    public ManagedObject This => Arguments["_this"]!.AsManagedObject!.Value;

    /// <summary>Reads one.</summary>
    /// <exception cref="SoapException">It is none.</exception>
    public static SoapRequest Read(Stream body)
    {
        try
        {
            using var xml = XmlReader.Create(body, Settings);
            xml.MoveToContent();
            Expect(xml, "Envelope", Envelope);
            xml.ReadStartElement();
            if (xml.IsStartElement("Header", Envelope))
                xml.Skip();
            Expect(xml, "Body", Envelope);
            xml.ReadStartElement();
            xml.MoveToContent();
            var method = xml.LocalName;
            var arguments = Value(xml);
            return arguments["_this"]?.AsManagedObject is null ? throw new SoapException("Required element _this is missing, or has no type") : new SoapRequest(method, arguments);
        }
        catch (XmlException error)
        {
            throw new SoapException($"Error parsing XML: {error.Message}");
        }
    }

    private static void Expect(XmlReader xml, string name, string space)
    {
        if (!xml.IsStartElement(name, space) || xml.IsEmptyElement)
            throw new SoapException($"no {name} of SOAP 1.1, but {xml.Name}");
    }

    private static VimValue Value(XmlReader xml)
    {
        if (xml.NamespaceURI != "urn:vim25")
            throw new SoapException($"{xml.LocalName} is not in the namespace urn:vim25");
        var type = xml.GetAttribute("type", Instance) is { } said ? said[(said.IndexOf(':', StringComparison.Ordinal) + 1)..] : null;
        // A reference's own type says more than that it is a reference.
        type = xml.GetAttribute("type") ?? type;
        var (text, members) = ("", new List<KeyValuePair<string, VimValue>>());
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return new VimValue(type, text, members);
        }
        xml.ReadStartElement();
        while (xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType == XmlNodeType.Element)
                members.Add(new(xml.LocalName, Value(xml)));
            else
                text += xml.ReadContentAsString();
        }
        xml.ReadEndElement();
        return new VimValue(type, text, members);
    }
}
