using Shouldly;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>What must never be seen in a message or a log.</summary>
internal static class Secrets
{
    public const string Password = "pa55-wOrd&<secret>";
    public const string Cookie = "c0ffee-c00kie-5ec7e7";

    /// <summary>Also in the forms that they are sent in, and halves of them.</summary>
    public static void ShouldNotBeIn(string text)
    {
        foreach (var secret in (string[])[Password, System.Security.SecurityElement.Escape(Password), Uri.EscapeDataString(Password), Cookie, Password[..10], Cookie[..12]])
            text.ShouldNotContain(secret);
    }
}
