using System.Globalization;
using Observe.Collectors;

namespace Observe.Agent.Export.Otlp;

/// <summary>
/// A file with headers, one a line: <c>NAME=VALUE</c> or <c>NAME: VALUE</c>; empty lines and those that begin with <c>#</c> do not count.
/// Nothing of what is in it is ever repeated: complaints have the number of the line.
/// </summary>
internal static class OtlpHeadersFile
{
    /// <summary>Longest file, characters: no receiver takes more.</summary>
    private const int MaxChars = 65_536;

    /// <summary>Reads the file.</summary>
    /// <param name="file">An absolute path, or the name of a systemd credential.</param>
    /// <param name="credentials">Where systemd's credentials are; null for none.</param>
    /// <param name="complaints">What is wrong with it.</param>
    /// <returns>The headers that are right, in the order of the file.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string file, string? credentials, out List<string> complaints)
    {
        complaints = [];
        if (SystemdCredential.PathOf(file, credentials) is not { } path)
        {
            complaints.Add(
                $"is the systemd credential {file}, and ${SystemdCredential.DirectoryVariable} is not set; add LoadCredential={file}:FILE to the unit, or set an absolute path"
                + $" (by hand: {SystemdCredential.DirectoryVariable}=/run/credentials/observe.service observe check)");
            return [];
        }
        try
        {
            using var reader = new StreamReader(path);
            var text = new char[MaxChars + 1];
            var length = reader.ReadBlock(text);
            if (length <= MaxChars)
                return Parse(text.AsSpan(0, length), path, complaints);
            complaints.Add($"{path} has more than {MaxChars} characters, and cannot be a list of headers");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            complaints.Add($"cannot read {path}: {error.Message.TrimEnd('.')}; make it readable for the user '{Environment.UserName}', whom the agent runs as");
        }
        return [];
    }

    private static List<KeyValuePair<string, string>> Parse(ReadOnlySpan<char> text, string path, List<string> complaints)
    {
        var headers = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var each in text.EnumerateLines())
        {
            number++;
            var line = each.Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;
            var end = line.IndexOfAny('=', ':');
            var (name, value) = end < 0 ? ("", "") : (line[..end].TrimEnd().ToString(), line[(end + 1)..].TrimStart().ToString());
            var wrong = end < 0 ? "has neither = nor : in it; write NAME=VALUE"
                : !OtlpHeaders.IsName(name) ? "does not begin with the name of a header: letters, digits and !#$%&'*+-.^_`|~ only"
                : OtlpHeaders.IsReserved(name) ? "has a header that the exporter sets itself; remove it"
                : !OtlpHeaders.IsValue(value) ? "has a value with characters that are not visible ASCII"
                : !names.Add(name) ? "has a header that an earlier line has, too"
                : null;
            if (wrong is null)
                headers.Add(new(name, value));
            else
                complaints.Add(string.Create(CultureInfo.InvariantCulture, $"line {number} of {path} {wrong}"));
        }
        return headers;
    }
}
