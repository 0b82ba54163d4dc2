using System.Runtime.CompilerServices;

namespace Observe.Tests;

/// <summary>Files that a test writes and a person accepts: <c>make golden</c>, that is OBSERVE_GOLDEN=accept, rewrites them.</summary>
internal static class Golden
{
    private static readonly bool Accept = Environment.GetEnvironmentVariable("OBSERVE_GOLDEN") == "accept";

    /// <summary>Compares with a file, by its path from the root of the repository.</summary>
    public static void ShouldMatch(string actual, string path)
    {
        var file = Path.Combine(Root(), path);
        if (Accept)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        File.Exists(file).ShouldBeTrue($"{path} is missing; run 'make golden' and look at what it wrote");
        actual.ShouldBe(File.ReadAllText(file), $"{path} differs; if the change is meant, run 'make golden' and look at the difference");
    }

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
