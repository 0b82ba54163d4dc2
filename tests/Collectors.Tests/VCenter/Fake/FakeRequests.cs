namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>All requests, in the order in which they came. Thread-safe.</summary>
internal sealed class FakeRequests
{
    private readonly Lock gate = new();
    private readonly List<FakeRequest> all = [];

    public IReadOnlyList<FakeRequest> All
    {
        get
        {
            lock (gate)
                return [.. all];
        }
    }

    public int Count(string? method = null)
    {
        lock (gate)
            return method is null ? all.Count : all.Count(each => each.Method == method);
    }

    public void Clear()
    {
        lock (gate)
            all.Clear();
    }

    internal void Add(FakeRequest request)
    {
        lock (gate)
            all.Add(request);
    }
}
