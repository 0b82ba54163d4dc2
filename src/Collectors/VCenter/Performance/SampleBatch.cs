namespace Observe.Collectors.VCenter.Performance;

/// <summary>What one request asks for.</summary>
/// <param name="Asks">Of whom what.</param>
/// <param name="SizeBefore">Metrics in a request, at most, before this one or what it is a part of failed first; null if it has not.</param>
internal sealed record SampleBatch(IReadOnlyList<SampleAsk> Asks, int? SizeBefore = null)
{
    /// <summary>Whether it, or what it is a part of, has been tried before.</summary>
    public bool IsAgain => SizeBefore is not null;

    /// <summary>Metrics in it, as the server counts them.</summary>
    public int Metrics => Asks.Sum(each => each.Count);

    /// <summary>Two halves of it: of the things, or of the counters of a single one.</summary>
    /// <param name="sizeBefore">Metrics in a request, at most, before it failed.</param>
    /// <returns>Empty if there is nothing to divide.</returns>
    public SampleBatch[] Split(int sizeBefore)
    {
        var half = Asks.Count / 2;
        if (half > 0)
            return [new([.. Asks.Take(half)], SizeBefore ?? sizeBefore), new([.. Asks.Skip(half)], SizeBefore ?? sizeBefore)];
        var only = Asks[0];
        var counters = only.Count / 2;
        return counters == 0 ? [] :
        [
            new([only with { Count = counters }], SizeBefore ?? sizeBefore),
            new([only with { First = only.First + counters, Count = only.Count - counters }], SizeBefore ?? sizeBefore),
        ];
    }
}
