using System.Globalization;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Stalls;

/// <summary>Stalls as spans. One thread at a time.</summary>
/// <param name="host">This host's id.</param>
/// <param name="boot">The id of this boot of it.</param>
/// <param name="adoption">Finds what they stand in.</param>
/// <param name="emit">Where spans go.</param>
/// <param name="observers">Who is told which span is whose.</param>
/// <param name="blackout">For how much of something this machine stood still, ns.</param>
internal sealed class StallSpans(string host, string boot, Adoption adoption, Action<ObservedSpan> emit, IReadOnlyList<IStallObserver> observers, Func<Extent, long> blackout)
{
    /// <summary>Attributes of a workload that its stalls' spans have too.</summary>
    private static readonly string[] Shown =
        ["workload", "workload.kind", "workload.id", "container.id", "container.name", "container.image.name", "k8s.namespace.name", "k8s.pod.name", "k8s.pod.uid", "k8s.container.name"];

    /// <summary>Takes one in.</summary>
    /// <param name="stall">The stall.</param>
    /// <param name="key">Tells it from every other event of its source in this boot.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void Take(Stall stall, UInt128 key, TimeSpan now)
    {
        var extent = Extent.Of(stall.Begin).With(stall.End);
        adoption.Hold(extent, now, place => Export(stall, key, extent, place));
    }

    private void Export(Stall stall, UInt128 key, Extent extent, Placement place)
    {
        var number = key.ToString("x32", CultureInfo.InvariantCulture);
        var trace = place.IsInside ? place.Trace : SpanIds.Trace("stall", host, boot, number);
        var id = SpanIds.Span("stall", host, boot, number);
        var judgement = StallVerdict.Judge(stall, place.IsMigrated, blackout(extent));
        foreach (var each in observers)
            each.Decided(stall, judgement.Verdict, trace, id);
        extent = place.Within(extent);
        emit(new ObservedSpan(Of(stall.Kind), trace, id, place.Parent, extent.Begin, extent.End, AttributesOf(stall, judgement)) { Links = place.Links });
    }

    private static List<KeyValuePair<string, object>> AttributesOf(Stall stall, StallJudgement judgement)
    {
        List<KeyValuePair<string, object>> all = new(24);
        foreach (var (name, value) in stall.Workload.Resource.Attributes)
        {
            if (Shown.Contains(name))
                all.Add(new(name, value));
        }
        all.Add(new("process.pid", (long)stall.Thread.Process));
        all.Add(new("thread.id", (long)stall.Thread.Id));
        all.Add(new("thread.name", stall.Thread.Name));
        all.Add(new("cpu.logical_number", (long)stall.Cpu));
        all.Add(new("observe.stall.duration", stall.Nanoseconds / 1e9));
        all.Add(new("observe.stall.verdict", judgement.Verdict.ToWord()));
        all.Add(new("observe.stall.evidence", judgement.Evidence));
        foreach (var (name, value) in stall.Attributes)
            all.Add(new(name, value));
        AddCulprits(all, stall.Culprits);
        return all;
    }

    private static void AddCulprits(List<KeyValuePair<string, object>> all, IReadOnlyList<Culprit> culprits)
    {
        var total = culprits.Sum(each => each.Nanoseconds);
        if (total <= 0)
            return;
        all.Add(new("observe.stall.culprits", culprits.Select(each => each.Workload?.Name ?? Word(each.Kind)).ToArray()));
        all.Add(new("observe.stall.culprit.kinds", culprits.Select(each => Word(each.Kind)).ToArray()));
        all.Add(new("observe.stall.culprit.shares", culprits.Select(each => each.Nanoseconds / (double)total).ToArray()));
    }

    private static string Word(CulpritKind kind) => kind switch
    {
        CulpritKind.Self => "self",
        CulpritKind.Sibling => "sibling",
        CulpritKind.Workload => "workload",
        CulpritKind.Kernel => "kernel",
        CulpritKind.Interrupt => "interrupt",
        CulpritKind.Hypervisor => "hypervisor",
        CulpritKind.Idle => "idle",
        _ => "unknown",
    };

    private static SpanDescriptor Of(StallKind kind) => kind switch
    {
        StallKind.Wait => SpanCatalog.StallWait,
        StallKind.Throttle => SpanCatalog.StallThrottle,
        StallKind.Blocked => SpanCatalog.StallBlocked,
        StallKind.Stopped => SpanCatalog.StallStopped,
        _ => SpanCatalog.StallExit,
    };
}
