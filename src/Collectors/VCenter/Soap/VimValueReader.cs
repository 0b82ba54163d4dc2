using System.Text;
using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Reads an element with all that is in it: without recursion, so that depth costs no stack, and within limits.</summary>
/// <param name="xml">At the element.</param>
/// <param name="limits">What is allowed.</param>
/// <param name="take">Takes what a method returned, each element as soon as it is read; null: it stays in its parent.</param>
internal sealed class VimValueReader(XmlReader xml, SoapLimits limits, Action<VimValue>? take = null)
{
    /// <summary>The element that a method's answer is in, or each one of a list.</summary>
    public const string Returned = "returnval";

    /// <summary>How many elements are around what is returned: envelope, body, the method's response.</summary>
    private const int ReturnedDepth = 3;

    /// <summary>Elements that are open, and behind <see cref="depth"/> such as were: one for a depth, used again and again.</summary>
    private readonly List<Open> open = [];
    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
    private readonly SharedTexts texts = new();
    private int depth;
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
                    Begin(xml.LocalName, Type());
                    if (xml.IsEmptyElement && End() is { } whole)
                        return whole;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    Count();
                    open[depth - 1].Append(await xml.GetValueAsync().ConfigureAwait(false));
                    break;
                case XmlNodeType.EndElement:
                    if (End() is { } all)
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

    private void Begin(string name, string? type)
    {
        if (depth == open.Count)
            open.Add(new Open());
        open[depth++].Begin(name, type);
    }

    /// <returns>The value, if it is not in another.</returns>
    private VimValue? End()
    {
        var ended = open[--depth];
        var value = ended.ToValue(texts);
        if (depth == 0)
            return value;
        if (take is not null && depth == ReturnedDepth && ended.Name == Returned)
            take(value);
        else
            open[depth - 1].Add(ended.Name, value);
        return null;
    }

    private sealed class Open
    {
        private readonly List<KeyValuePair<string, VimValue>> members = [];
        private string? type;
        private string text = "";
        private StringBuilder? longer;

        public string Name { get; private set; } = "";

        public void Begin(string name, string? type)
        {
            (Name, this.type, text, longer) = (name, type, "", null);
            members.Clear();
        }

        public void Add(string name, VimValue value) => members.Add(new(name, value));

        public void Append(string more)
        {
            if (text.Length == 0)
                text = more;
            else
                (longer ??= new StringBuilder(text)).Append(more);
        }

        public VimValue ToValue(SharedTexts texts) => members.Count == 0 ? texts.Of(type, longer?.ToString() ?? text) : new VimValue(type, "", members.ToArray());
    }
}
