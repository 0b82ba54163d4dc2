using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>
/// Values that are text, one for all places of an answer where it stands: of a thousand samples most name one of a few dozen counters, and
/// of a thousand machines most are <c>poweredOn</c>. Values do not change, so they can be shared.
/// </summary>
internal sealed class SharedTexts
{
    /// <summary>Longer ones are names and documents, and hardly ever said twice.</summary>
    private const int MaxLength = 24;

    /// <summary>Most that are kept; an answer's own are among the first.</summary>
    private const int Capacity = 1024;

    private readonly Dictionary<(string? Type, string Text), VimValue> known = [];

    /// <summary>The value.</summary>
    /// <param name="type">Its type; null where the server did not say.</param>
    /// <param name="text">Its text.</param>
    public VimValue Of(string? type, string text)
    {
        if (text.Length > MaxLength)
            return new VimValue(type, text, []);
        if (!known.TryGetValue((type, text), out var value))
        {
            value = new VimValue(type, text, []);
            if (known.Count < Capacity)
                known.Add((type, text), value);
        }
        return value;
    }
}
