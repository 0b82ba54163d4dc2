namespace Observe.Collectors.Kubernetes;

/// <summary>Events of watches so far, by type; counted by one thread, read by another.</summary>
internal sealed class WatchEvents
{
    private const string Unknown = "unknown";

    private readonly long[] counts = new long[Types.Count];

    /// <summary>The API's types in lower case, and one for what else it may say.</summary>
    public static IReadOnlyList<string> Types { get; } = ["added", "modified", "deleted", "bookmark", "error", Unknown];

    /// <summary>Events of a type, by its place in <see cref="Types"/>.</summary>
    /// <param name="type">The place.</param>
    public long this[int type] => Interlocked.Read(ref counts[type]);

    /// <summary>Counts an event.</summary>
    /// <param name="type">As the API spells it.</param>
    public void Count(string type)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (i == counts.Length - 1 || Types[i].Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                Interlocked.Increment(ref counts[i]);
                return;
            }
        }
    }
}
