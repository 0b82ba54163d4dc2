using System.Globalization;

namespace Observe.Agent.Check;

/// <summary>The process that listens on a TCP port.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Name">Its command name.</param>
internal sealed record PortOwner(int Id, string Name)
{
    /// <summary>State of a listening socket in <c>/proc/net/tcp</c>.</summary>
    private const string Listening = "0A";

    private static readonly string[] Tables = ["net/tcp", "net/tcp6"];

    /// <summary>Finds the owner; null if there is none, or it is another user's or another container's.</summary>
    public static PortOwner? Find(HostPaths paths, int port)
    {
        var inodes = Tables.SelectMany(each => Inodes(Path.Combine(paths.Proc, each), port)).ToHashSet(StringComparer.Ordinal);
        if (inodes.Count == 0)
            return null;
        foreach (var process in Directory.EnumerateDirectories(paths.Proc))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Holds(process, inodes))
                return new PortOwner(id, HostPaths.FirstLine(Path.Combine(process, "comm")) ?? "unknown");
        }
        return null;
    }

    // "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
    private static IEnumerable<string> Inodes(string table, int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(table);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            yield break;
        }
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                yield return $"socket:[{fields[9]}]";
        }
    }

    private static bool Holds(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(each => new FileInfo(each).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile, or another user's
        }
    }
}
