using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>What is asked of one thing in a request: all of its counters, or some, where a server does not allow so many.</summary>
/// <param name="Account">The thing.</param>
/// <param name="Counters">The server's numbers.</param>
/// <param name="First">The first of <see cref="KindCounters.Asked"/>.</param>
/// <param name="Count">How many.</param>
internal readonly record struct SampleAsk(EntityAccount Account, KindCounters Counters, int First, int Count)
{
    /// <summary>Samples more than those that must be there: clocks of hosts may be ahead.</summary>
    private const int Spare = 6;

    /// <summary>Samples that may be there.</summary>
    /// <param name="now">Now, in ticks of the server's clock.</param>
    public int Samples(long now) => (int)Math.Clamp(((now - Mark) / RealTime.Ticks) + 1 + Spare, 1 + Spare, RealTime.MaxSamples);

    private long Mark => Account.Mark(Counters.CounterOf.AsSpan(First, Count));

    /// <summary>As the request has it.</summary>
    /// <param name="now">Now, in ticks of the server's clock.</param>
    public PerfQuery ToQuery(long now)
    {
        var counters = First == 0 && Count == Counters.Asked.Length ? Counters.Asked : Counters.Asked[First..(First + Count)];
        var begin = Math.Max(Mark, now - RealTime.Kept.Ticks - RealTime.Ticks);
        return new PerfQuery(Account.Object, new DateTimeOffset(begin, TimeSpan.Zero), Samples(now), RealTime.Seconds, counters);
    }
}
