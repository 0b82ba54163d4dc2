using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// Who wants which labels. Names are not unique in a vCenter, and two series with the same labels cost Prometheus' whole scrape:
/// the oldest, which has the lowest number, gets them, the others get their own id beside them. That depends on what there is, not
/// on who came first, so that it is the same after each start.
/// </summary>
internal sealed class LabelClaims
{
    private readonly Dictionary<string, List<ManagedObject>> claims = new(StringComparer.Ordinal);

    /// <summary>Whether somebody gets what it wants.</summary>
    /// <param name="claim">The labels.</param>
    /// <param name="of">Who.</param>
    public bool IsFirst(string claim, ManagedObject of) => claims[claim][0] == of;

    /// <summary>Somebody wants other labels.</summary>
    /// <param name="of">Who.</param>
    /// <param name="from">What it wanted; null: nothing.</param>
    /// <param name="to">What it wants; null: nothing.</param>
    /// <param name="affected">Takes the others that may get others now.</param>
    public void Move(ManagedObject of, string? from, string? to, ICollection<ManagedObject> affected)
    {
        if (from == to)
            return;
        if (from is not null && claims.TryGetValue(from, out var left))
        {
            left.Remove(of);
            left.ForEach(affected.Add);
            if (left.Count == 0)
                claims.Remove(from);
        }
        if (to is null)
            return;
        if (!claims.TryGetValue(to, out var joined))
            claims.Add(to, joined = new List<ManagedObject>(1));
        joined.ForEach(affected.Add);
        var at = joined.FindIndex(each => IsBefore(of, each));
        joined.Insert(at < 0 ? joined.Count : at, of);
    }

    /// <summary>vm-9 is before vm-10.</summary>
    private static bool IsBefore(ManagedObject one, ManagedObject other) =>
        one.Id.Length != other.Id.Length ? one.Id.Length < other.Id.Length : string.CompareOrdinal(one.Id, other.Id) < 0;
}
