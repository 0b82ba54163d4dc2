using System.Runtime.CompilerServices;

namespace Observe.Agent.Tests;

/// <summary>Where the sources are, for tests that read documents.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string self = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(self)!, "../.."));
}
