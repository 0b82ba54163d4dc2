namespace Observe.Collectors.Kubernetes;

/// <summary>Requests so far, by verb and answer; counted by one thread, read by another.</summary>
internal sealed class ApiRequests
{
    /// <summary>Most different answers; there are some 20 that an API server gives.</summary>
    private const int MaxKinds = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Verb, string Code), long> counts = [];

    /// <summary>Counts a request.</summary>
    /// <param name="verb">What was asked for.</param>
    /// <param name="code">The HTTP status, or error if there was no answer.</param>
    public void Count(string verb, string code)
    {
        lock (gate)
        {
            var kind = counts.Count < MaxKinds || counts.ContainsKey((verb, code)) ? (verb, code) : (verb, "other");
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }
    }

    /// <summary>Shows all counts.</summary>
    /// <param name="state">Handed through.</param>
    /// <param name="visit">Called for each.</param>
    public void Visit<T>(T state, Action<T, (string Verb, string Code), long> visit)
    {
        lock (gate)
        {
            foreach (var (kind, count) in counts)
                visit(state, kind, count);
        }
    }
}
