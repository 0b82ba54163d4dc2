using System.Runtime.InteropServices;
using Observe.Collectors.Identity;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>
/// Who made one workload wait. Every nanosecond stands in exactly one series, and no series ever goes back: a culprit that gets
/// a name begins at nothing, and what it caused before stays with the others; one that loses it, or is gone, leaves all to them.
/// </summary>
/// <param name="victim">Who waited.</param>
/// <param name="names">Most culprits with a name, besides the victim itself.</param>
/// <param name="time">Since when a series accumulates.</param>
internal sealed class DelayAccount(Workload victim, int names, TimeProvider time)
{
    /// <summary>A name changes hands when another has caused so many times what its holder did: it does not go to and fro.</summary>
    private const int Margin = 2;

    private static readonly string[] Fixed = ["interrupt", "hypervisor", "idle", "unknown", "other"];
    private const int OtherIndex = 4;

    private readonly Dictionary<Workload, DelayCulprit> culprits = new(ReferenceEqualityComparer.Instance);
    private readonly long[] fixedTimes = new long[Fixed.Length];
    private readonly Series?[] fixedSeries = new Series?[Fixed.Length];
    private readonly ulong start = UnixNano.Now(time);
    private Series? charged;
    private long chargedTime;
    private int named;

    /// <summary>Adds what a workload has caused.</summary>
    /// <param name="culprit">Who.</param>
    /// <param name="nanoseconds">How much more.</param>
    public void Add(Workload culprit, long nanoseconds)
    {
        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(culprits, culprit, out _);
        account ??= new DelayCulprit(culprit);
        account.Nanoseconds += nanoseconds;
    }

    /// <summary>Adds what no workload has caused, and the sum of all, as the kernel keeps it beside its parts.</summary>
    /// <param name="more">What has come to each since the last time.</param>
    public void Add(in StallVictim more)
    {
        fixedTimes[0] += (long)more.Irq;
        fixedTimes[1] += (long)more.Steal;
        fixedTimes[2] += (long)more.Idle;
        fixedTimes[3] += (long)more.Unknown;
        fixedTimes[OtherIndex] += (long)more.Other;
        chargedTime += (long)more.Charged;
    }

    /// <summary>A culprit is gone for good.</summary>
    /// <param name="culprit">Who.</param>
    public void Forget(Workload culprit)
    {
        if (!culprits.Remove(culprit, out var account))
            return;
        if (account.Series is not null)
            named--;
        TakeName(account);
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where they go.</param>
    public void Export(SnapshotBuilder builder)
    {
        if (chargedTime == 0 && culprits.Count == 0)
            return;
        GiveNames();
        var other = fixedTimes[OtherIndex];
        foreach (var culprit in culprits.Values)
        {
            if (culprit.Series is { } series)
                builder.Add(series, culprit.Nanoseconds / 1e9);
            else
                other += culprit.Nanoseconds;
        }
        for (var i = 0; i < Fixed.Length; i++)
        {
            var value = i == OtherIndex ? other : fixedTimes[i];
            if (value != 0 || fixedSeries[i] is not null)
                builder.Add(fixedSeries[i] ??= new Series(MetricCatalog.Delay, victim.Resource, start, [Fixed[i], Fixed[i], ""]), value / 1e9);
        }
        builder.Add(charged ??= new Series(MetricCatalog.DelayCharged, victim.Resource, start, []), chargedTime / 1e9);
    }

    private void GiveNames()
    {
        if (culprits.TryGetValue(victim, out var self) && self is { Series: null, Nanoseconds: > 0 })
            GiveName(self);
        while (MostNameless() is { } most)
        {
            if (named == names)
            {
                if (LeastNamed() is not { } least || most.Nanoseconds < Margin * Weight(least))
                    return;
                TakeName(least);
                named--;
            }
            GiveName(most);
            named++;
        }
    }

    /// <summary>What it has caused so far stays with the others.</summary>
    private void GiveName(DelayCulprit culprit)
    {
        fixedTimes[OtherIndex] += culprit.Nanoseconds;
        culprit.NamedFor = culprit.Nanoseconds;
        culprit.Nanoseconds = 0;
        culprit.Series = MakeSeries(culprit.Workload);
    }

    /// <summary>What it has caused goes to the others.</summary>
    private void TakeName(DelayCulprit culprit)
    {
        fixedTimes[OtherIndex] += culprit.Nanoseconds;
        culprit.NamedFor = 0;
        culprit.Nanoseconds = 0;
        culprit.Series = null;
    }

    /// <summary>What a name is held by: what it was given for, and what was caused since.</summary>
    private static long Weight(DelayCulprit named) => named.NamedFor + named.Nanoseconds;

    private Series MakeSeries(Workload culprit)
    {
        _ = culprit.Resource; // decides what it is called
        return new Series(MetricCatalog.Delay, victim.Resource, UnixNano.Now(time), [culprit.Name, culprit.KindFor(victim).ToLabel(), culprit.Id]);
    }

    /// <summary>Only those whose labels are decided: what they are called must not change under a series.</summary>
    private DelayCulprit? MostNameless()
    {
        DelayCulprit? most = null;
        foreach (var each in culprits.Values)
        {
            if (each.Series is null && !ReferenceEquals(each.Workload, victim) && each.Nanoseconds > (most?.Nanoseconds ?? 0) && each.Workload.IsSettled)
                most = each;
        }
        return most;
    }

    private DelayCulprit? LeastNamed()
    {
        DelayCulprit? least = null;
        foreach (var each in culprits.Values)
        {
            if (each.Series is not null && !ReferenceEquals(each.Workload, victim) && (least is null || Weight(each) < Weight(least)))
                least = each;
        }
        return least;
    }
}
