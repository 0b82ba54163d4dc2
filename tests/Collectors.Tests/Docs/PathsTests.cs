using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Observe.Collectors.Tests.Docs;

/// <summary>What a document points at is there.</summary>
public sealed partial class PathsTests
{
    [Fact]
    public void Documents_PathsTheyName_Exist()
    {
        string[] documents = [.. Directory.EnumerateFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories), .. Directory.EnumerateFiles(Root(), "*.md")];

        var named = documents.SelectMany(document => PathInRepository().Matches(File.ReadAllText(document)).Select(match => (Document: document, Path: match.Groups[1].Value))).ToList();

        named.Count.ShouldBeGreaterThan(20, "hardly a path was found: the pattern no longer fits the documents");
        named.Where(each => !Path.Exists(Path.Combine(Root(), each.Path))).Select(each => $"{Path.GetRelativePath(Root(), each.Document)}: {each.Path}").ShouldBeEmpty();
    }

    private static string Root([CallerFilePath] string self = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(self)!, "../../.."));

    /// <summary>A path in backquotes that begins with a directory of the sources; without patterns, and what is built is not there before.</summary>
    [GeneratedRegex(@"`((?:src|bpf|docs|scripts|tests)/[A-Za-z0-9_./-]*)`")]
    private static partial Regex PathInRepository();
}
