namespace Observe.Agent.Configuration;

/// <summary>Values as YAML.</summary>
internal static class YamlText
{
    /// <summary>A flow scalar: in double quotes wherever it could be read as anything but this text.</summary>
    /// <param name="text">The text.</param>
    public static string Quote(string text)
    {
        var plain = text.Length > 0 && text.All(each => char.IsAsciiLetterOrDigit(each) || each is '/' or '.' or '_' or '-' or '+') && text[0] is not '-';
        return plain ? text : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
