namespace Observe.Collectors.Cgroup;

/// <summary>The pressure files of one cgroup and the last they said. A cgroup's pressure includes that of the cgroups beneath it.</summary>
internal sealed class CgroupPressure
{
    /// <summary>Resources by their files' names, and the <c>resource</c> label.</summary>
    internal static readonly string[] Resources = ["cpu", "memory", "io"];

    private readonly CgroupFile[] files;

    internal CgroupPressure(string? directory) => files = [.. Resources.Select(resource => new CgroupFile(directory, $"{resource}.pressure"))];

    /// <summary>Whether a resource has been read.</summary>
    internal bool[] IsKnown { get; } = new bool[Resources.Length];

    /// <summary>Some tasks stalled, us, by resource.</summary>
    internal ulong[] SomeMicros { get; } = new ulong[Resources.Length];

    /// <summary>All tasks stalled, us, by resource.</summary>
    internal ulong[] FullMicros { get; } = new ulong[Resources.Length];

    /// <summary>Reads all resources.</summary>
    /// <param name="reader">Reads.</param>
    internal void Refresh(CgroupFileReader reader)
    {
        for (var i = 0; i < files.Length; i++)
        {
            if (reader.Read(ref files[i], out var text) != CgroupRead.Ok || !CgroupText.TryPressure(text, "some"u8, out var some))
                continue;
            SomeMicros[i] = some;
            // cpu.pressure has no line "full" before 5.13.
            FullMicros[i] = CgroupText.TryPressure(text, "full"u8, out var full) ? full : 0;
            IsKnown[i] = true;
        }
    }

    /// <summary>Closes all files.</summary>
    /// <param name="reader">Who opened them.</param>
    internal void Close(CgroupFileReader reader)
    {
        for (var i = 0; i < files.Length; i++)
            reader.Close(ref files[i]);
    }
}
