using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Which requests have trouble: those that a test names, and of the others as many as it wants, by a seed. Thread-safe.</summary>
/// <param name="seed">Of chance.</param>
internal sealed class FakeFaults(int seed)
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly List<(string? Method, int Skip, object What)> next = [];
    private readonly Dictionary<FakeTrouble, (double Probability, Func<string, bool> Where)> chances = [];

    /// <summary>Decides before all else; null: the others do. It may throw a <see cref="VimFaultException"/>, which is the answer then.</summary>
    public Func<string, FakeTrouble?>? Decide { get; set; }

    /// <summary>Requests that had any trouble.</summary>
    public int Count { get; private set; }

    /// <summary>A request to come has trouble.</summary>
    /// <param name="trouble">Which.</param>
    /// <param name="method">Only of this method; null: of any.</param>
    /// <param name="skip">So many of them are answered before.</param>
    public void Next(FakeTrouble trouble, string? method = null, int skip = 0)
    {
        lock (gate)
            next.Add((method, skip, trouble));
    }

    /// <summary>A request to come is refused.</summary>
    /// <param name="fault">With this.</param>
    /// <param name="method">Only of this method; null: of any.</param>
    /// <param name="skip">So many of them are answered before.</param>
    public void Next(VimFaultException fault, string? method = null, int skip = 0)
    {
        lock (gate)
            next.Add((method, skip, fault));
    }

    /// <summary>From now on, requests have trouble by chance.</summary>
    /// <param name="trouble">Which.</param>
    /// <param name="probability">Of each request.</param>
    /// <param name="where">Only these methods; null: all but login and logout.</param>
    public void Often(FakeTrouble trouble, double probability, Func<string, bool>? where = null)
    {
        lock (gate)
            chances[trouble] = (probability, where ?? (method => method is not ("Login" or "Logout")));
    }

    /// <summary>No more troubles.</summary>
    public void Clear()
    {
        lock (gate)
        {
            next.Clear();
            chances.Clear();
            Decide = null;
        }
    }

    /// <summary>Draws what becomes of a request.</summary>
    /// <exception cref="VimFaultException">It is refused.</exception>
    public FakeTrouble Draw(string method)
    {
        var trouble = Decide?.Invoke(method);
        lock (gate)
        {
            trouble ??= Scheduled(method) ?? ByChance(method);
            if (trouble != FakeTrouble.None)
                Count++;
            return trouble.Value;
        }
    }

    private FakeTrouble? Scheduled(string method)
    {
        for (var i = 0; i < next.Count; i++)
        {
            var (of, skip, what) = next[i];
            if (of is not null && of != method)
                continue;
            if (skip > 0)
            {
                next[i] = (of, skip - 1, what);
                continue;
            }
            next.RemoveAt(i);
            return what is VimFaultException fault ? throw fault : (FakeTrouble)what;
        }
        return null;
    }

    private FakeTrouble ByChance(string method)
    {
        foreach (var (trouble, (probability, where)) in chances)
        {
            if (random.NextDouble() < probability && where(method))
                return trouble;
        }
        return FakeTrouble.None;
    }
}
