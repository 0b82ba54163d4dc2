using System.Buffers;
using System.Text;

namespace Observe.Agent.Export.Otlp;

/// <summary>The list format of <c>OTEL_EXPORTER_OTLP_HEADERS</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c>: W3C baggage, <c>key=value,key=value</c>, percent-encoded, without metadata.</summary>
internal static class OtlpHeaders
{
    // RFC 9110, token.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // What the transport itself says; a second opinion would break the request.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-encoding", "content-length", "content-type", "expect", "grpc-accept-encoding", "grpc-encoding", "grpc-timeout",
        "host", "te", "trailer", "transfer-encoding", "upgrade",
    };

    /// <summary>Splits and decodes. Of a key given twice the last one stands. Complaints name the entry by its number, never its value.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string list, out List<string> complaints)
    {
        complaints = [];
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var entry in list.Split(','))
        {
            number++;
            if (string.IsNullOrWhiteSpace(entry))
                continue;
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? "" : entry[..equals].Trim();
            if (equals < 0)
                complaints.Add($"entry {number} has no '=': write key=value, separated by commas, with commas in values written as %2C");
            else if (key.Length == 0)
                complaints.Add($"entry {number} has no key in front of '='");
            else if (!TryDecode(entry[(equals + 1)..].Trim(), out var value) || !TryDecode(key, out key))
                complaints.Add($"entry {number} has a '%' that is not followed by two hexadecimal digits, or bytes that are not UTF-8: write a percent sign as %25");
            else
                parsed[key] = value;
        }
        return [.. parsed];
    }

    /// <summary>What is wrong with a header; null if nothing is.</summary>
    public static string? Complaint(string name, string value)
    {
        if (!IsName(name))
            return $"'{name}' is not a header name";
        if (IsReserved(name))
            return $"'{name}' is set by the exporter itself: remove it";
        return IsValue(value) ? null : $"'{name}' has a value with characters that are not visible ASCII";
    }

    /// <summary>Whether this can be the name of a header.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether the exporter sets this header itself.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name);

    /// <summary>Whether this can be the value of a header.</summary>
    public static bool IsValue(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool TryDecode(string text, out string decoded)
    {
        decoded = text;
        if (!text.Contains('%', StringComparison.Ordinal))
            return true;
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++, length++)
        {
            bytes[length] = bytes[i];
            if (bytes[i] != '%')
                continue;
            if (i + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[i + 1]) || !char.IsAsciiHexDigit((char)bytes[i + 2]))
                return false;
            bytes[length] = Convert.FromHexString([(char)bytes[i + 1], (char)bytes[i + 2]])[0];
            i += 2;
        }
        var span = bytes.AsSpan(0, length);
        if (!System.Text.Unicode.Utf8.IsValid(span))
            return false;
        decoded = Encoding.UTF8.GetString(span);
        return true;
    }
}
