namespace Observe.Collectors.Tests.Sched;

/// <summary>The BPF sources and the objects that <c>make build</c> made of them.</summary>
internal static class BuiltObject
{
    public static string Path(string name) => Require(System.IO.Path.Combine(Root, "artifacts", "bpf", $"{name}.bpf.o"));

    public static string Source(string file) => Require(System.IO.Path.Combine(Root, "bpf", file));

    private static string Root
    {
        get
        {
            for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(directory.FullName, "Observe.sln")))
                    return directory.FullName;
            }
            throw new DirectoryNotFoundException($"no Observe.sln above {AppContext.BaseDirectory}");
        }
    }

    private static string Require(string path) => File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run 'make build'");
}
