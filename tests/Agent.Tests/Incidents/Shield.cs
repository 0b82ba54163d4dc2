using System.Globalization;

namespace Observe.Agent.Tests.Incidents;

/// <summary>
/// Gives the stage's containers, all together, so much weight that others leave the CPUs to them that they want: who makes whom wait is then
/// decided on the stage. Taken back at the end. Only where the containers have a cgroup of their own around them, as engines make it without systemd.
/// </summary>
internal sealed class Shield : IDisposable
{
    private const string Around = "docker";

    /// <summary>The weight of sixteen others: enough to have most of a CPU, and not so much that the engine waits for seconds.</summary>
    private static readonly (string File, string Weight)[] Weights = [("cpu.shares", "16384"), ("cpu.weight", "1600")];

    private readonly string file;
    private readonly string before;

    private Shield(string file, string weight)
    {
        this.file = file;
        before = File.ReadAllText(file);
        File.WriteAllText(file, weight);
    }

    /// <summary>Raises it.</summary>
    /// <returns>Null where it cannot be.</returns>
    public static Shield? Raise()
    {
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).Where(each => each[2] is "cgroup" or "cgroup2"))
        {
            foreach (var (file, weight) in Weights)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"{mount[1]}/{Around}/{file}");
                if (File.Exists(path))
                    return new Shield(path, weight);
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => File.WriteAllText(file, before);
}
