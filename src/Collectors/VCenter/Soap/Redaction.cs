using System.Text;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Makes what others wrote fit for a log line: short, one line, printable, and without what is secret. Thread-safe.</summary>
/// <param name="cookie">Has the others.</param>
internal sealed class Redaction(SessionCookie cookie)
{
    private const int MaxText = 200;
    private const int MaxExcerpt = 120;
    private const string Redacted = "[redacted]";

    private volatile string? password;

    /// <summary>Remembers a secret, in place of the one before.</summary>
    /// <param name="secret">The password.</param>
    public void Remember(string secret) => password = secret;

    /// <summary>A server's own words.</summary>
    /// <param name="text">As it sent them.</param>
    public string Quote(string text) => Cut(Line(Hide(text)), MaxText);

    /// <summary>The words of a page at its beginning; empty if there are none.</summary>
    /// <param name="answer">What came.</param>
    public string Excerpt(AnswerStream answer)
    {
        var text = Hide(Encoding.UTF8.GetString(answer.Head));
        // Half of a secret at the end would not have been recognised.
        var half = answer.IsLonger ? Secrets.Select(each => each.Length).DefaultIfEmpty().Max() : 0;
        text = text[..Math.Max(0, text.Length - half)];
        var words = new StringBuilder();
        var isTag = false;
        foreach (var each in text)
        {
            isTag = each == '<' || (isTag && each != '>');
            if (!isTag)
                words.Append(each == '>' ? ' ' : each);
        }
        return Cut(Line(words.ToString()), MaxExcerpt);
    }

    private IEnumerable<string> Secrets => password is { Length: > 0 } secret ? cookie.Secrets.Prepend(secret) : cookie.Secrets;

    private string Hide(string text) => Secrets.Aggregate(text, static (shown, secret) => shown.Replace(secret, Redacted, StringComparison.Ordinal));

    private static string Line(string text)
    {
        var plain = string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = char.IsControl(from[i]) || char.IsWhiteSpace(from[i]) || from[i] == '\ufffd' ? ' ' : from[i];
        });
        return string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : $"{text.AsSpan(0, most)}...";
}
