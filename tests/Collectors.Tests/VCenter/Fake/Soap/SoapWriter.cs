using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>Writes answers and faults as a vCenter does.</summary>
internal static class SoapWriter
{
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private static readonly HashSet<string> Scalars = new(StringComparer.Ordinal) { "string", "int", "long", "short", "byte", "boolean", "dateTime", "double", "float" };
    private static readonly XmlWriterSettings Settings = new() { Encoding = new System.Text.UTF8Encoding(false), CheckCharacters = false };

    /// <summary>An answer.</summary>
    /// <param name="method">To this method.</param>
    /// <param name="returned">What it returns.</param>
    public static byte[] Answer(string method, IEnumerable<VimValue> returned) => Envelope(xml =>
    {
        xml.WriteStartElement($"{method}Response", "urn:vim25");
        foreach (var each in returned)
            Write(xml, "returnval", each);
        xml.WriteEndElement();
    });

    /// <summary>A refusal.</summary>
    public static byte[] Fault(VimFaultException fault) => Fault("ServerFaultCode", fault.Message, xml =>
    {
        xml.WriteStartElement($"{fault.Fault}Fault", "urn:vim25");
        xml.WriteAttributeString("type", Instance, fault.Fault);
        foreach (var (name, value) in fault.Detail is { } detail ? Wire.Show(detail).Members : [])
            Write(xml, name, value);
        xml.WriteEndElement();
    });

    /// <summary>The client's fault.</summary>
    public static byte[] Fault(SoapException error) => Fault("ClientFaultCode", error.Message, null);

    private static byte[] Fault(string code, string message, Action<XmlWriter>? detail) => Envelope(xml =>
    {
        xml.WriteStartElement("soapenv", "Fault", "http://schemas.xmlsoap.org/soap/envelope/");
        xml.WriteElementString("faultcode", code);
        xml.WriteElementString("faultstring", message);
        if (detail is not null)
        {
            xml.WriteStartElement("detail");
            detail(xml);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });

    private static byte[] Envelope(Action<XmlWriter> body)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartElement("soapenv", "Envelope", "http://schemas.xmlsoap.org/soap/envelope/");
            xml.WriteAttributeString("xmlns", "xsd", null, "http://www.w3.org/2001/XMLSchema");
            xml.WriteAttributeString("xmlns", "xsi", null, Instance);
            xml.WriteStartElement("soapenv", "Body", "http://schemas.xmlsoap.org/soap/envelope/");
            body(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return stream.ToArray();
    }

    private static void Write(XmlWriter xml, string name, VimValue value)
    {
        xml.WriteStartElement(name, "urn:vim25");
        if (FakeTypes.IsManaged(value.Type))
        {
            xml.WriteAttributeString("type", value.Type);
            // Where anything may stand, it is said that it is a reference.
            if (name == "val")
                xml.WriteAttributeString("type", Instance, "ManagedObjectReference");
        }
        else if (value.Type is { Length: > 0 } type)
        {
            xml.WriteAttributeString("type", Instance, Scalars.Contains(type) ? $"xsd:{type}" : type);
        }
        if (value.Text.Length > 0)
            xml.WriteString(value.Text);
        foreach (var (member, each) in value.Members)
            Write(xml, member, each);
        xml.WriteEndElement();
    }
}
