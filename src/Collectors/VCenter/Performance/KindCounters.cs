using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>A kind's counters by the numbers that one server gave them.</summary>
internal sealed class KindCounters
{
    private readonly Dictionary<int, int> indexOf = [];

    /// <summary>Finds them.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="numbers">The server's, by name.</param>
    public KindCounters(EntityKind kind, IReadOnlyDictionary<string, PerfCounter> numbers)
    {
        Kind = kind;
        var asked = new List<(int Id, string Instance)>();
        var counters = new List<int>();
        for (var index = 0; index < kind.Counters.Count; index++)
        {
            var counter = kind.Counters[index];
            if (!numbers.TryGetValue(counter.Name, out var known))
                continue;
            indexOf[known.Id] = index;
            foreach (var instance in kind.InstancesOf(counter))
            {
                asked.Add((known.Id, instance));
                counters.Add(index);
            }
        }
        Asked = [.. asked];
        CounterOf = [.. counters];
        Missing = [.. kind.Counters.Where(each => !numbers.ContainsKey(each.Name)).Select(each => each.Name)];
    }

    /// <summary>The kind.</summary>
    public EntityKind Kind { get; }

    /// <summary>What a request asks for of one thing.</summary>
    public (int Id, string Instance)[] Asked { get; }

    /// <summary>Of each of <see cref="Asked"/>, the counter's index.</summary>
    public int[] CounterOf { get; }

    /// <summary>Counters that the server does not have.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The index of a counter by the server's number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>-1 if it is none of these.</returns>
    public int IndexOf(int id) => indexOf.GetValueOrDefault(id, -1);
}
