using Observe.Agent.Live.Ledger;
using Observe.Agent.Live.Recent;
using Observe.Agent.Status;
using Observe.Telemetry.Time;

namespace Observe.Agent.Live.Answer;

/// <summary>Puts answers together.</summary>
/// <param name="past">What happened.</param>
/// <param name="sequence">The numbers of what there is.</param>
/// <param name="status">How the agent fares.</param>
/// <param name="notes">What cannot be shown.</param>
/// <param name="time">The clock.</param>
public sealed class LiveAnswers(RecentPast past, LiveSequence sequence, AgentStatus status, LiveNotes notes, TimeProvider time)
{
    /// <summary>Events in an answer: 600 bytes each.</summary>
    public const int MostEvents = 1000;

    /// <summary>Attributes of an event, and characters of one, in an answer.</summary>
    private const int MostDetails = 24;
    private const int LongestDetail = 300;

    /// <summary>100 us a second are shown, and no less: what is below is noise, and bytes.</summary>
    private const int Digits = 4;

    private readonly LiveAgent agent = new(AgentVersion.Number, Environment.MachineName, Milliseconds(sequence.Last * 1000));

    /// <summary>An answer.</summary>
    /// <param name="look">What is known of where the time goes.</param>
    /// <param name="since">What the viewer has seen: a cursor, or 0.</param>
    public LiveAnswer Of(LiveLook look, long since)
    {
        ArgumentNullException.ThrowIfNull(look);
        // Taken before anything is looked at: what comes meanwhile is told twice and not never.
        var cursor = sequence.Last;
        var report = status.Report();
        Names workloads = new(), subjects = new();
        LiveEvent[] events = [.. past.Since(since, MostEvents).Select(each => Of(each, subjects))];
        LiveInterval[] history = [.. look.History.Where(each => each.Number > since).Select(each => Of(each, workloads))];
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return new LiveAnswer(
            agent, Milliseconds(now), cursor, report.Ready, notes.Of(look), report.Components, look.Clocks, LiveStates.All, workloads.All, Of(look.Interval, workloads), history,
            subjects.All, events);
    }

    private static LiveInterval Of(LedgerInterval interval, Names names)
    {
        List<double?[]> rows = [.. interval.Rows.Select(each => Of(each, names))];
        if (interval.Rest is { } rest)
            rows.Add(Of(rest, names));
        return new LiveInterval(interval.IsSinceBeginning ? null : Milliseconds((long)interval.BeginUnixNano), Milliseconds((long)interval.EndUnixNano), rows, interval.Others);
    }

    private static double?[] Of(LedgerRow row, Names names)
    {
        var count = row.Rates.Count;
        while (count > 0 && float.IsNaN(row.Rates[count - 1]))
            count--;
        var values = new double?[count + 1];
        values[0] = names.PlaceOf(row.Workload);
        for (var i = 0; i < count; i++)
            values[i + 1] = float.IsNaN(row.Rates[i]) ? null : Math.Round(row.Rates[i], Digits);
        return values;
    }

    private static LiveEvent Of(RecentEvent each, Names names) => new(
        each.Number, names.PlaceOf(each.Subject), each.Source, each.Name, Of(each.Begin), each.HasLength ? Of(each.End) : null, each.IsLate ? true : null, each.Problem,
        each.Trace == default ? null : each.Trace.ToHexString(), each.Stall is { } stall ? Of(stall) : null,
        [.. each.Attributes.Take(MostDetails).SelectMany(static pair => new[] { pair.Key, Cut(pair.Value) })]);

    private static LiveStall Of(RecentStall stall)
    {
        var total = (double)Math.Max(1, stall.Culprits.Sum(each => each.Nanoseconds));
        return new LiveStall(
            stall.Nanoseconds / 1e6, stall.Thread.Name, stall.Thread.Process, stall.Thread.Id, stall.Cpu, stall.Verdict, stall.Evidence,
            [.. stall.Culprits.Select(each => new LiveCulprit(each.Name, each.Kind, Math.Round(each.Nanoseconds / total, Digits)))]);
    }

    private static double[] Of(UtcInterval when) => [Milliseconds(when.Earliest), Milliseconds(when.Latest)];

    private static string Cut(string text) => text.Length <= LongestDetail ? text : text[..LongestDetail];

    /// <summary>Exact to a microsecond, as a double can.</summary>
    private static double Milliseconds(long nanoseconds) => nanoseconds / 1000 / 1000.0;
}
