using System.Globalization;

namespace Observe.Bpf.Host;

/// <summary>A set of CPUs in the kernel's list format: <c>0-3,8</c>.</summary>
public sealed class CpuSet
{
    private const string Directory = "/sys/devices/system/cpu";

    private CpuSet(int[] ids) => Ids = ids;

    /// <summary>
    /// The CPUs this machine can ever have. The i-th value of a per-CPU map belongs to the i-th of these, so count and
    /// highest id differ where numbers are missing.
    /// </summary>
    public static CpuSet Possible { get; } = Read($"{Directory}/possible");

    /// <summary>The CPUs running now; read on each call.</summary>
    public static CpuSet Online => Read($"{Directory}/online");

    /// <summary>The ids, ascending.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>How many.</summary>
    public int Count => Ids.Count;

    /// <summary>The highest id plus one: the length of an array indexed by CPU.</summary>
    public int Width => Ids[^1] + 1;

    /// <summary>Parses a list.</summary>
    /// <param name="list">Numbers and ranges, comma-separated, ascending; a trailing newline is allowed.</param>
    /// <exception cref="FormatException">Empty, out of order, or not a list.</exception>
    public static CpuSet Parse(string list)
    {
        var ids = new List<int>();
        foreach (var part in list.Trim().Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out var first) || !Number(ends[^1], out var last) || last < first
                || (ids.Count > 0 && first <= ids[^1]))
                throw new FormatException($"'{list.Trim()}' is not a list of CPUs such as 0-3,8");
            for (var id = first; id <= last; id++)
                ids.Add(id);
        }
        return new CpuSet([.. ids]);
    }

    private static CpuSet Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>Linux knows at most 8192 CPUs (CONFIG_NR_CPUS); the bound keeps a corrupt list from filling memory.</summary>
    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < 65536;
}
