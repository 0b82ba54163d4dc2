using Observe.Agent.Live.Recent;

namespace Observe.Agent.Live.Answer;

/// <summary>Names of one answer, each written once.</summary>
internal sealed class Names
{
    private readonly List<LiveName> all = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <summary>All so far.</summary>
    public IReadOnlyList<LiveName> All => all;

    /// <summary>The place of one.</summary>
    /// <param name="subject">Who; null: nobody in particular.</param>
    public int PlaceOf(LiveSubject? subject)
    {
        if (subject is null)
            return -1;
        if (!places.TryGetValue(subject.Key, out var place))
        {
            places.Add(subject.Key, place = all.Count);
            all.Add(new LiveName(subject.Key, subject.Kind, subject.Name));
        }
        return place;
    }
}
