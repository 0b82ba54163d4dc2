using System.Diagnostics;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>The BPF programs, maps and links that a process holds, by what the kernel says of its descriptors.</summary>
internal sealed class KernelObjects
{
    /// <summary>A line of /proc/PID/fdinfo/FD, and the kind of object in bpftool's words.</summary>
    private static readonly (string Line, string Kind)[] Kinds = [("prog_id:", "prog"), ("map_id:", "map"), ("link_id:", "link")];

    private readonly HashSet<(string Kind, string Id)> objects;

    private KernelObjects(HashSet<(string Kind, string Id)> objects) => this.objects = objects;

    public int Count => objects.Count;

    /// <summary>Looks at a process.</summary>
    public static KernelObjects Of(int pid)
    {
        var objects = new HashSet<(string, string)>();
        foreach (var file in Directory.EnumerateFiles($"/proc/{pid}/fdinfo"))
        {
            foreach (var line in Lines(file))
            {
                foreach (var (start, kind) in Kinds)
                {
                    if (line.StartsWith(start, StringComparison.Ordinal))
                        objects.Add((kind, line[start.Length..].Trim()));
                }
            }
        }
        return new KernelObjects(objects);
    }

    /// <summary>Those that are still in the kernel.</summary>
    public List<string> Left() => [.. objects.Where(each => IsThere(each.Kind, each.Id)).Select(each => $"{each.Kind} {each.Id}")];

    /// <summary>Waits until all are gone: the kernel frees after a grace period.</summary>
    public async Task ShouldBeGoneAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(5) && Left().Count > 0;)
            await Task.Delay(100);
        Left().ShouldBeEmpty();
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (FileNotFoundException)
        {
            return []; // a connection that was closed meanwhile
        }
    }

    private static bool IsThere(string kind, string id)
    {
        using var bpftool = Process.Start(new ProcessStartInfo("bpftool", [kind, "show", "id", id]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        bpftool.StandardOutput.ReadToEnd();
        bpftool.WaitForExit();
        return bpftool.ExitCode == 0;
    }
}
