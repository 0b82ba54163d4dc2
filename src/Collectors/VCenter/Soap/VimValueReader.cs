using System.Text;
using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Reads an element with all that is in it: without recursion, so that depth costs no stack, and within limits.</summary>
/// <param name="xml">At the element.</param>
/// <param name="limits">What is allowed.</param>
internal sealed class VimValueReader(XmlReader xml, SoapLimits limits)
{
    private readonly Stack<Open> open = new();
    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
    private int pieces;

    /// <summary>Reads it, and moves to its end.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    /// <exception cref="AnswerTooLongException">It is too much.</exception>
    public async Task<VimValue> ReadAsync()
    {
        do
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    Count();
                    var begun = new Open(xml.LocalName, Type());
                    if (!xml.IsEmptyElement)
                        open.Push(begun);
                    else if (Close(begun) is { } whole)
                        return whole;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    Count();
                    open.Peek().Append(await xml.GetValueAsync().ConfigureAwait(false));
                    break;
                case XmlNodeType.EndElement:
                    if (Close(open.Pop()) is { } all)
                        return all;
                    break;
            }
        }
        while (await xml.ReadAsync().ConfigureAwait(false));
        throw new XmlException("unexpected end");
    }

    private void Count()
    {
        if (++pieces > limits.MaxElements)
            throw new AnswerTooLongException($"more than {limits.MaxElements} elements");
        if (xml.Depth > limits.MaxDepth)
            throw new AnswerTooLongException($"more than {limits.MaxDepth} elements within each other");
    }

    /// <summary>Of a reference the type of the object, of anything else its own.</summary>
    private string? Type()
    {
        if (xml.AttributeCount == 0 || (xml.GetAttribute("type") ?? xml.GetAttribute("type", SoapEnvelope.Instance)) is not { Length: > 0 } name)
            return null;
        if (!types.TryGetValue(name, out var known))
            types.Add(name, known = name[(name.LastIndexOf(':') + 1)..]);
        return known;
    }

    /// <returns>The value, if it is not in another.</returns>
    private VimValue? Close(Open ended)
    {
        var value = ended.ToValue();
        if (!open.TryPeek(out var parent))
            return value;
        parent.Members.Add(new(ended.Name, value));
        return null;
    }

    private sealed class Open(string name, string? type)
    {
        private string text = "";
        private StringBuilder? longer;
        private List<KeyValuePair<string, VimValue>>? members;

        public string Name => name;

        public List<KeyValuePair<string, VimValue>> Members => members ??= [];

        public void Append(string more)
        {
            if (text.Length == 0)
                text = more;
            else
                (longer ??= new StringBuilder(text)).Append(more);
        }

        public VimValue ToValue() => members is null ? new VimValue(type, longer?.ToString() ?? text, []) : new VimValue(type, "", members.ToArray());
    }
}
