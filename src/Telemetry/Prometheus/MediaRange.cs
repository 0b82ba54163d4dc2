using System.Globalization;

namespace Observe.Telemetry.Prometheus;

/// <summary>One element of an <c>Accept</c> header.</summary>
/// <param name="MediaType"><c>type/subtype</c>, <c>type/*</c> or <c>*/*</c>.</param>
/// <param name="Parameters">Parameters before the quality, quotes removed.</param>
/// <param name="Quality">0 (not acceptable) to 1.</param>
internal sealed record MediaRange(string MediaType, List<KeyValuePair<string, string>> Parameters, double Quality)
{
    /// <summary>Elements looked at: real scrapers send up to 6; a hostile header must not cost more than that is worth.</summary>
    private const int MaxRanges = 32;

    /// <summary>All well-formed elements; the others are ignored, as RFC 9110 lets a server do.</summary>
    public static List<MediaRange> ParseAll(string accept)
    {
        var ranges = new List<MediaRange>();
        for (var rest = accept; rest.Length > 0 && ranges.Count < MaxRanges;)
        {
            var end = IndexOutsideQuotes(rest, ',');
            if (Parse(end < 0 ? rest : rest[..end]) is { } range)
                ranges.Add(range);
            rest = end < 0 ? "" : rest[(end + 1)..];
        }
        return ranges;
    }

    /// <summary>How specifically this range covers a media type.</summary>
    /// <returns>-1: not at all; 0: <c>*/*</c>; 1: <c>type/*</c>; 2: the type; more: one for each parameter that agrees.</returns>
    public int Match(string mediaType, KeyValuePair<string, string>[] offered)
    {
        if (MediaType == "*/*")
            return 0;
        if (MediaType.EndsWith("/*", StringComparison.Ordinal))
            return mediaType.StartsWith(MediaType[..^1], StringComparison.OrdinalIgnoreCase) ? 1 : -1;
        if (!MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            return -1;
        var specificity = 2;
        foreach (var (name, value) in Parameters)
        {
            var own = Array.Find(offered, each => each.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            // A parameter that we do not know, such as escaping, asks for nothing that we could get wrong.
            if (own is null)
                continue;
            if (!own.Equals(value, StringComparison.OrdinalIgnoreCase))
                return -1;
            specificity++;
        }
        return specificity;
    }

    private static MediaRange? Parse(string element)
    {
        var parts = new List<string>();
        for (var rest = element; ;)
        {
            var end = IndexOutsideQuotes(rest, ';');
            parts.Add((end < 0 ? rest : rest[..end]).Trim());
            if (end < 0)
                break;
            rest = rest[(end + 1)..];
        }
        if (parts[0].Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            return null;
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var part in parts.Skip(1))
        {
            if (part.Split('=', 2) is not [var name, var value])
                continue;
            (name, value) = (name.Trim(), value.Trim().Trim('"'));
            if (name.Equals("q", StringComparison.OrdinalIgnoreCase))
                return ParseQuality(value) is { } quality ? new MediaRange(parts[0], parameters, quality) : null;
            parameters.Add(new(name, value));
        }
        return new MediaRange(parts[0], parameters, Quality: 1);
    }

    private static double? ParseQuality(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) && quality is >= 0 and <= 1 ? quality : null;

    private static int IndexOutsideQuotes(string text, char wanted)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == wanted && !quoted)
                return i;
        }
        return -1;
    }
}
