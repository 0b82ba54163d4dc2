using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A session and what was made in it. Guarded by the vCenter's lock.</summary>
internal sealed class FakeSession(string key, string user)
{
    /// <summary>Its key, which is the cookie too.</summary>
    public string Key { get; } = key;

    public string User { get; } = user;

    /// <summary>When it was last used, in true time.</summary>
    public DateTimeOffset LastUse { get; set; }

    /// <summary>Requests that are being answered.</summary>
    public int Busy { get; set; }

    public bool IsOver { get; set; }

    /// <summary>What it is: over as soon as the session is.</summary>
    public Dictionary<ManagedObject, FakeObject> Objects { get; } = [];

    public Dictionary<ManagedObject, FakePropertyCollector> Collectors { get; } = [];

    public Dictionary<ManagedObject, FakeHistoryCollector> Histories { get; } = [];
}
