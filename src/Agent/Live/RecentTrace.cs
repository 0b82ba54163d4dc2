using System.Globalization;
using Observe.Agent.Live.Recent;
using Observe.Telemetry.Perfetto;
using Observe.Telemetry.Time;

namespace Observe.Agent.Live;

/// <summary>The recent past as a trace for Perfetto: a track for whom things happened to, beneath it one for each sort of thing.</summary>
internal static class RecentTrace
{
    /// <summary>Lays events out.</summary>
    /// <param name="events">Some.</param>
    /// <param name="clock">What the host's clocks show.</param>
    public static PerfettoTrace Of(IReadOnlyList<RecentEvent> events, TraceClock clock)
    {
        var trace = new PerfettoTrace(clock);
        Dictionary<string, TraceTrack> subjects = new(StringComparer.Ordinal);
        Dictionary<(string Subject, string Name), TraceTrack> tracks = [];
        foreach (var each in events)
        {
            if (!subjects.TryGetValue(each.Subject.Key, out var subject))
                subjects.Add(each.Subject.Key, subject = trace.AddTrack($"{each.Subject.Kind} {each.Subject.Name}"));
            var sort = SortOf(each);
            if (!tracks.TryGetValue((each.Subject.Key, sort), out var track))
                tracks.Add((each.Subject.Key, sort), track = trace.AddTrack(sort, subject));
            Add(trace, track, each);
        }
        return trace;
    }

    private static void Add(PerfettoTrace trace, TraceTrack track, RecentEvent each)
    {
        var begin = (ulong)each.Begin.Middle;
        if (each.HasLength)
            trace.AddSlice(track, each.Name, begin, Math.Max(begin, (ulong)each.End.Middle), Annotations(each));
        else
            trace.AddInstant(track, each.Name, begin, Annotations(each));
    }

    /// <summary>Stalls by their kind, and the rest by who told of it.</summary>
    private static string SortOf(RecentEvent each) => each.Stall is null ? each.Source : each.Name;

    private static List<KeyValuePair<string, string>> Annotations(RecentEvent each)
    {
        List<KeyValuePair<string, string>> all = new(16) { new("observe.time.earliest", Number(each.Begin.Earliest)) };
        if (each.HasLength)
        {
            all.Add(new("observe.time.begin.latest", Number(each.Begin.Latest)));
            all.Add(new("observe.time.end.earliest", Number(each.End.Earliest)));
        }
        all.Add(new("observe.time.latest", Number((each.HasLength ? each.End : each.Begin).Latest)));
        all.Add(new("uncertainty", Uncertainty(each)));
        if (each.Trace != default)
            all.Add(new("trace.id", each.Trace.ToHexString()));
        if (each.Problem is { } problem)
            all.Add(new("problem", problem));
        if (each.Stall is { } stall)
            Add(all, stall);
        all.AddRange(each.Attributes);
        return all;
    }

    private static void Add(List<KeyValuePair<string, string>> all, RecentStall stall)
    {
        all.Add(new("observe.stall.verdict", stall.Verdict));
        all.Add(new("observe.stall.evidence", stall.Evidence));
        all.Add(new("observe.stall.duration", FormattableString.Invariant($"{stall.Nanoseconds / 1e9:0.#########}")));
        all.Add(new("thread.name", stall.Thread.Name));
        all.Add(new("thread.id", Number(stall.Thread.Id)));
        all.Add(new("process.pid", Number(stall.Thread.Process)));
        all.Add(new("cpu.logical_number", Number(stall.Cpu)));
        var total = stall.Culprits.Sum(each => each.Nanoseconds);
        for (var i = 0; i < stall.Culprits.Count; i++)
        {
            var each = stall.Culprits[i];
            all.Add(new($"culprit {i + 1}", FormattableString.Invariant($"{each.Nanoseconds / (double)total:P1} {each.Name} ({each.Kind})")));
        }
    }

    private static string Uncertainty(RecentEvent each)
    {
        static string Of(UtcInterval when) => FormattableString.Invariant($"\u00b1{when.Error / 1e6:0.###} ms");
        return each.HasLength ? $"begin {Of(each.Begin)}, end {Of(each.End)}" : Of(each.Begin);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
