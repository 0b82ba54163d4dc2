using System.Security.Cryptography;

namespace Observe.Collectors.VCenter;

/// <summary>A vCenter, or an ESXi host, and how it is reached.</summary>
/// <param name="Url">Where its API is: <c>https://HOST/sdk</c>. Null only while a configuration is read; none is used without.</param>
public sealed record VCenterEndpoint(Uri? Url = null)
{
    private const string DefaultPath = "/sdk";

    private readonly string? name;

    /// <summary>What tells it from the others: the label <c>vcenter</c>. The URL's host unless it is set.</summary>
    public string Name
    {
        get => name ?? Url?.Host ?? "";
        init => name = value;
    }

    /// <summary>Where its API is, with the path that all have where none was written.</summary>
    /// <exception cref="InvalidOperationException">There is no URL.</exception>
    public Uri ApiUrl => Url is null ? throw new InvalidOperationException("the endpoint has no URL") : new UriBuilder(Url) { UserName = "", Password = "", Path = Url.AbsolutePath is "" or "/" ? DefaultPath : Url.AbsolutePath }.Uri;

    /// <summary>Who logs in; null where <see cref="UsernameFile"/> says it.</summary>
    public string? Username { get; init; }

    /// <summary>File with the name, read at each login; a name that is no absolute path is that of a systemd credential.</summary>
    public string? UsernameFile { get; init; }

    /// <summary>The password; null where <see cref="PasswordFile"/> has it.</summary>
    public string? Password { get; init; }

    /// <summary>File with the password, read at each login; a name that is no absolute path is that of a systemd credential.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM file of the authorities that its certificate is checked against; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>SHA-256 of the one certificate that is accepted, whoever signed it; null for any that is signed by the authorities.</summary>
    public string? Pin { get; init; }

    /// <summary>Whether nothing is checked: whoever answers is given the password.</summary>
    public bool Insecure { get; init; }

    /// <summary>The proxy to go through, with its credentials if it wants any; null for what the environment says.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Reads a SHA-256 as it is printed: 64 hexadecimal digits, with colons between the bytes or without, and perhaps what <c>openssl</c> writes before it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hash">The hash, if it is one.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParsePin(string text, out byte[] hash)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().Replace(":", "", StringComparison.Ordinal);
        hash = digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : [];
        return hash.Length > 0;
    }

    /// <summary>Without what is secret.</summary>
    public override string ToString() => Url is null ? Name : $"{Name} ({ApiUrl})";
}
