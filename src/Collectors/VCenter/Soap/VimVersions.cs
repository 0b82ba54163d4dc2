using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>In which version of the API a server is spoken to.</summary>
internal static class VimVersions
{
    /// <summary>For servers that do not tell theirs. All that is asked for is in it; a server answers in the version that it is asked in.</summary>
    public const string Fallback = "6.0";

    /// <summary>The newest one known here: what newer ones add or change is not.</summary>
    private static readonly Version Newest = new(8, 0, 3, 0);

    /// <summary>The newest one that both know.</summary>
    /// <param name="document">What the server says (<c>vimServiceVersions.xml</c>); null if it does not.</param>
    public static string Choose(VimValue? document)
    {
        if (document?.All("namespace").FirstOrDefault(each => each["name"]?.Text == SoapEnvelope.Vim) is not { } vim)
            return Fallback;
        List<string> all = [.. vim.All("version").Select(each => each.Text), .. vim.All("priorVersions").SelectMany(each => each.All("version")).Select(each => each.Text)];
        return all
            .Where(each => Version.TryParse(each, out _))
            .Select(each => (Text: each, Number: Version.Parse(each)))
            .Where(each => each.Number <= Newest)
            .OrderByDescending(each => each.Number)
            .Select(each => each.Text)
            .FirstOrDefault() ?? Fallback;
    }
}
