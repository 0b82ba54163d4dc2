using System.Text;
using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Writes requests.</summary>
internal static class SoapEnvelope
{
    /// <summary>Namespace of SOAP 1.1, which is what servers speak.</summary>
    public const string Namespace = "http://schemas.xmlsoap.org/soap/envelope/";

    /// <summary>Namespace of types: an element says its own in the attribute <c>type</c> of it.</summary>
    public const string Instance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Namespace of the methods and types of the API, in all versions.</summary>
    public const string Vim = "urn:vim25";

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CloseOutput = false };

    /// <summary>Writes the call of a method.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="on">The object that it is called on.</param>
    /// <param name="arguments">Writes the arguments.</param>
    public static ReadOnlyMemory<byte> Write(string method, ManagedObject on, Action<XmlWriter>? arguments)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, Settings))
        {
            xml.WriteStartElement("soapenv", "Envelope", Namespace);
            xml.WriteAttributeString("xmlns", "xsi", null, Instance);
            xml.WriteStartElement("Body", Namespace);
            xml.WriteStartElement("", method, Vim);
            xml.WriteObject("_this", on);
            arguments?.Invoke(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return body.ToArray();
    }

    /// <summary>Writes an argument.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its text.</param>
    public static void WriteText(this XmlWriter xml, string name, string text) => xml.WriteElementString(name, Vim, text);

    /// <summary>Writes a number.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="number">The number.</param>
    public static void WriteNumber(this XmlWriter xml, string name, int number) => xml.WriteText(name, XmlConvert.ToString(number));

    /// <summary>Writes a truth.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    public static void WriteBoolean(this XmlWriter xml, string name, bool value) => xml.WriteText(name, value ? "true" : "false");

    /// <summary>Writes a reference.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="reference">The object.</param>
    public static void WriteObject(this XmlWriter xml, string name, ManagedObject reference)
    {
        xml.WriteStartElement(name, Vim);
        xml.WriteAttributeString("type", reference.Type);
        xml.WriteString(reference.Id);
        xml.WriteEndElement();
    }

    /// <summary>Writes an argument that has members.</summary>
    /// <param name="xml">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="members">Writes them, in the order of the API's definition: servers insist on it.</param>
    /// <param name="type">Its type, where the API's definition allows several.</param>
    public static void WriteMembers(this XmlWriter xml, string name, Action<XmlWriter> members, string? type = null)
    {
        xml.WriteStartElement(name, Vim);
        if (type is not null)
            xml.WriteAttributeString("type", Instance, type);
        members(xml);
        xml.WriteEndElement();
    }
}
