using System.Globalization;
using Observe.Collectors.Migrations;
using Observe.Collectors.Traces.Operations;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Migrations;

/// <summary>
/// Blackouts of this machine as spans; and what each migration of it cost: how long it stood still, and how long its threads' waits took to be
/// what they were before. One thread at a time.
/// </summary>
/// <param name="identity">Which host this is.</param>
/// <param name="adoption">Finds what blackouts stand in.</param>
/// <param name="watch">How threads waited; told what becomes of migrations.</param>
/// <param name="emit">Where spans go.</param>
internal sealed class MigrationSpans(HostIdentity identity, Adoption adoption, MigrationWatch watch, Action<ObservedSpan> emit)
{
    /// <summary>Blackouts remembered: a machine that has more in the time of one migration has other troubles.</summary>
    private const int Remembered = 256;

    /// <summary>Migrations of this machine whose recovery is waited for at once.</summary>
    private const int MostPending = 16;

    /// <summary>Longer is not waited for windows, which may not come at all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly Queue<GuestBlackout> recent = new();
    private readonly List<Pending> pending = [];

    /// <summary>Takes a blackout in.</summary>
    /// <param name="blackout">The blackout.</param>
    /// <param name="key">Tells it from every other event of its source in this boot.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void Take(GuestBlackout blackout, UInt128 key, TimeSpan now)
    {
        if (recent.Count == Remembered)
            recent.Dequeue();
        recent.Enqueue(blackout);
        if (blackout.Sign != BlackoutSign.Stepped)
            adoption.Hold(ExtentOf(blackout), now, place => Export(blackout, key.ToString(CultureInfo.InvariantCulture), place));
    }

    /// <summary>For how much of something this machine stood still, ns.</summary>
    /// <param name="extent">When that was.</param>
    public long BlackoutIn(Extent extent)
    {
        var all = 0L;
        foreach (var each in recent)
        {
            if (each.Sign != BlackoutSign.Stepped)
                all += Math.Max(0, Math.Min(extent.End.Middle, each.End.Middle) - Math.Max(extent.Begin.Middle, each.Begin.Middle));
        }
        return all;
    }

    /// <summary>A migration of this machine is over and told.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="now">A moment of the same clock.</param>
    public void Migrated(Operation migration, TimeSpan now)
    {
        var extent = migration.Extent;
        List<GuestBlackout> inIt = [.. recent.Where(each => each.Sign != BlackoutSign.Stepped && extent.MayOverlap(ExtentOf(each)))];
        if (inIt.Count == 0 && recent.FirstOrDefault(each => each.Sign == BlackoutSign.Stepped && IsSoonAfter(each, extent)) is { } step)
        {
            // A clock that is set forward by so much while this very machine is moved was stopped by that.
            var stepped = BlackoutTimes.Within(step, extent.Begin);
            inIt.Add(stepped);
            Export(stepped, string.Join('/', migration.Key), adoption.Place(ExtentOf(stepped), mayStandInside: true));
        }
        if (watch.SeesBlackouts || inIt.Count > 0)
            watch.Tally.Interrupted(inIt.Sum(each => each.Nanoseconds) / 1e9);
        var from = inIt.Count == 0 ? extent.End : inIt.MaxBy(each => each.End.Middle)!.End;
        if (pending.Count < MostPending)
            pending.Add(new Pending(migration, from, now));
        else
            watch.Tally.Decided(RecoveryOutcome.Unknown, 0);
    }

    /// <summary>Decides what can be decided.</summary>
    /// <param name="now">A moment of the same clock.</param>
    /// <param name="isEnding">Whether there will be no other.</param>
    public void Advance(TimeSpan now, bool isEnding = false)
    {
        if (pending.Count == 0)
            return;
        var windows = watch.Waits.ToArray();
        pending.RemoveAll(each => TryDecide(each, windows, now, isEnding));
    }

    private bool TryDecide(Pending each, WaitWindow[] windows, TimeSpan now, bool isEnding)
    {
        var recovery = RecoveryRule.Judge(windows, each.Of.Extent.Begin, each.From);
        if (recovery is null && !isEnding && now - each.Since < Patience)
            return false;
        watch.Tally.Decided(recovery?.Outcome ?? RecoveryOutcome.Unknown, recovery is null ? 0 : Math.Max(0, recovery.Until.Middle - each.From.Middle) / 1e9);
        if (recovery is { Outcome: not RecoveryOutcome.Unknown })
            Export(each, recovery);
        return true;
    }

    /// <summary>Within the migration, or within the time that a late source is waited for after it.</summary>
    private static bool IsSoonAfter(GuestBlackout step, Extent extent) => step.End.Latest >= extent.Begin.Earliest && step.End.Earliest <= extent.End.Latest;

    private static Extent ExtentOf(GuestBlackout blackout) => Extent.Of(blackout.Begin).With(blackout.End);

    private void Export(GuestBlackout blackout, string number, Placement place)
    {
        var extent = place.Within(ExtentOf(blackout));
        var sign = blackout.Sign switch
        {
            BlackoutSign.Late => "late",
            BlackoutSign.Suspended => "suspended",
            _ => "stepped",
        };
        emit(new ObservedSpan(
            SpanCatalog.GuestBlackout, place.IsInside ? place.Trace : SpanIds.Trace("guest.blackout", identity.HostId, identity.BootId, number),
            SpanIds.Span("guest.blackout", identity.HostId, identity.BootId, number), place.Parent, extent.Begin, extent.End,
            [new("observe.guest.blackout.duration", blackout.Nanoseconds / 1e9), new("observe.guest.blackout.sign", sign)])
        { Links = place.Links });
    }

    private void Export(Pending each, Recovery recovery)
    {
        var until = recovery.Until.Middle < each.From.Middle ? each.From : recovery.Until;
        var extent = Extent.Of(each.From).With(until);
        var isInside = each.Of.Extent.SurelyContains(extent);
        if (isInside)
            extent = extent.Within(each.Of.Extent);
        var isRecovered = recovery.Outcome == RecoveryOutcome.Recovered;
        emit(new ObservedSpan(
            SpanCatalog.GuestRecovery, each.Of.Trace, SpanIds.Span("guest.recovery", [.. each.Of.Key]), isInside ? each.Of.Span : default, extent.Begin, extent.End,
            [
                new("observe.guest.recovery.outcome", isRecovered ? "recovered" : "unrecovered"), new("observe.guest.recovery.baseline", recovery.Baseline),
                new("observe.guest.recovery.peak", recovery.Peak), new("observe.guest.recovery.after", recovery.After),
            ])
        {
            Links = isInside ? [] : [new SpanLink(each.Of.Trace, each.Of.Span, SpanLink.Of)],
            IsError = !isRecovered,
            Problem = isRecovered ? null : "threads wait longer than before the migration",
        });
    }

    /// <param name="Of">The migration.</param>
    /// <param name="From">From when on the waits may be back.</param>
    /// <param name="Since">When it was told.</param>
    private sealed record Pending(Operation Of, UtcInterval From, TimeSpan Since);
}
