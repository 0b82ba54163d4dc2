using System.Globalization;
using Microsoft.Extensions.Logging;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Keys;

/// <summary>The kinds of values that keys take.</summary>
internal static class ValueKinds
{
    /// <summary>A number from 0 to 65535, leading zeros or not.</summary>
    private const string PortPattern = "0*([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private const string ListenPattern = @"^(unix:/.{1,106}|(|\*|localhost|[0-9a-fA-FxX]+(\.[0-9a-fA-FxX]+){3}|\[[^\]]+\]):" + PortPattern + ")$";

    public static ValueKind<bool> Switch { get; } = OneOf(("true", true), ("false", false));

    public static ValueKind<ListenAddress> Listen { get; } = new(
        "an address to listen on, such as 127.0.0.1:9464, [::1]:9464, :9464 (all addresses) or unix:/run/observe.sock",
        ValueForm.Matching(ListenPattern),
        text => ListenAddress.TryParse(text, out var address) ? new(true, address!) : new(false, null!),
        address => address.ToString());

    public static ValueKind<LogLevel> LogLevels { get; } = OneOf(
        ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error));

    public static ValueKind<Uri?> HttpUrl { get; } = new(
        "an http or https URL, such as http://127.0.0.1:4318",
        ValueForm.Matching("^[Hh][Tt][Tt][Pp][Ss]?:/*[^/]"),
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new(true, url) : new(false, null),
        url => url!.OriginalString);

    /// <summary>For what a token is sent to. No user's name and no query: the address is shown in logs and rows.</summary>
    public static ValueKind<Uri?> HttpsUrl { get; } = new(
        "an https URL, such as https://10.96.0.1:443",
        ValueForm.Matching("^[Hh][Tt][Tt][Pp][Ss]://[^@/?#]+(/[^?#]*)?$"),
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "https", UserInfo: "", Query: "", Fragment: "" } ? new(true, url) : new(false, null),
        url => url!.OriginalString);

    /// <summary>RFC 1123, as the API server checks it: what else there may be would select no pod.</summary>
    public static ValueKind<string?> NodeName { get; } = new(
        "the name of a node: lower-case letters, digits, - and .",
        ValueForm.Matching("^[a-z0-9.-]{1,253}$"),
        text => text.Length is > 0 and <= 253 && text.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each is '-' or '.') ? new(true, text) : new(false, null),
        text => text!);

    public static ValueKind<string> PodLabelKey { get; } = new(
        "the key of a label, such as app.kubernetes.io/name",
        ValueForm.Matching("^[A-Za-z0-9_./-]{1,317}$"),
        text => text.Length is > 0 and <= 317 && text.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' or '.' or '/') ? new(true, text) : new(false, ""),
        text => text);

    public static ValueKind<string?> AbsolutePath { get; } = new(
        "an absolute path",
        ValueForm.Matching("^/"),
        text => text.StartsWith('/') ? new(true, text) : new(false, null),
        text => text!);

    public static ValueKind<string?> SecretFile { get; } = new(
        "an absolute path, or the name of a systemd credential",
        ValueForm.Matching("^(/.*|[^/]+)$"),
        text => text.StartsWith('/') || (text.Length > 0 && !text.Contains('/', StringComparison.Ordinal) && text is not ("." or "..")) ? new(true, text) : new(false, null),
        text => text!);

    public static ValueKind<string> Names { get; } = new(
        "a name without spaces, or a list of such names",
        ValueForm.Matching(@"^\S+$"),
        text => text.Length > 0 && !text.Any(char.IsWhiteSpace) ? new(true, text) : new(false, ""),
        text => text);

    public static ValueKind<int> Count(int least, int most) => new(
        $"a whole number from {least} to {most}",
        new ValueForm { Range = (least, most) },
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? new(true, value)
            : new(false, 0),
        value => value.ToString(CultureInfo.InvariantCulture));

    public static ValueKind<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new(
        $"a duration from {DurationText.Format(least)} to {DurationText.Format(most)}, such as 250ms, 15s or 1m30s",
        ValueForm.Matching(@"^(([0-9]+\.?[0-9]*|\.[0-9]+)(ms|us|h|m|s))+$"),
        text => DurationText.TryParse(text, out var value) && value >= least && value <= most ? new(true, value) : new(false, default),
        DurationText.Format);

    /// <summary>The same kind for a key that may be left unset.</summary>
    public static ValueKind<T?> Optional<T>(ValueKind<T> kind)
        where T : struct => new(
            kind.Expected,
            kind.Form,
            text => kind.Parse(text) is { Succeeded: true, Value: var value } ? new(true, value) : new(false, null),
            value => kind.Format(value!.Value));

    public static ValueKind<string?> Word(params string[] words)
    {
        var kind = OneOf([.. words.Select(each => (each, each))]);
        return new(kind.Expected, kind.Form, text => kind.Parse(text) is var parsed && parsed.Succeeded ? new(true, parsed.Value) : new(false, null, parsed.Why), text => text!);
    }

    public static ValueKind<T> OneOf<T>(params (string Word, T Value)[] choices) => new(
        choices.Length == 1 ? choices[0].Word : $"{string.Join(", ", choices[..^1].Select(each => each.Word))} or {choices[^1].Word}",
        new ValueForm { Words = [.. choices.Select(each => each.Word)] },
        text =>
        {
            foreach (var (word, value) in choices)
            {
                if (word == text)
                    return new(true, value);
            }
            var nearest = Spelling.Nearest(text, choices.Select(each => each.Word));
            return new(false, default!, nearest is null ? null : $"did you mean {nearest}?");
        },
        value => choices.First(each => EqualityComparer<T>.Default.Equals(each.Value, value)).Word);
}
