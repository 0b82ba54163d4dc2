using Observe.Agent.Tests.EndToEnd;
using Observe.Agent.Tests.Incidents.Acts;
using Observe.Agent.Tests.Incidents.Payload;

namespace Observe.Agent.Tests.Incidents;

/// <summary>The container with a quota, and the one with a neighbour: what their stalls' spans, and the metrics that follow from them, say.</summary>
/// <param name="run">The incident.</param>
/// <param name="notes">Where numbers go.</param>
[Collection(nameof(OneIncident))]
public sealed class IncidentStallTests(IncidentRun run, ITestOutputHelper notes)
{
    /// <summary>How much of an injected delay must be charged to who injected it.</summary>
    private const double Charged = 0.95;

    /// <summary>The kernel's sums are taken over four times a second, ns.</summary>
    private const long TakenOver = 500_000_000;

    /// <summary>The engine's own counter moves by the tick here, s; and what is rounded in either.</summary>
    private const double Tick = 0.02;

    /// <summary>A thread that is stamped, then preempted, before or after the script looked at its clock.</summary>
    private const long Slack = 5_000_000;

    [Fact]
    public void Throttle_OfTheContainerWithAQuota_IsToldWithItsNameAndItsLength()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Quota;
        var spans = run.Payload.Of(truth.Container, "stall.throttle");
        var seconds = (truth.Ended.After - truth.Began.Before) / 1e9;
        var told = spans.Sum(each => each.Double("observe.stall.duration")!.Value);
        notes.WriteLine($"{spans.Count} spells of {told:0.000} s told in {seconds:0.0} s; the kernel counts {truth.ThrottledNanoseconds / 1e9:0.000} s");

        foreach (var span in spans)
        {
            span.Text("container.name").ShouldBe(QuotaAct.Name);
            span.Text("workload").ShouldBe(QuotaAct.Name);
            span.Text("workload.kind").ShouldBe("container");
            span.Text("workload.id").ShouldBe(truth.Container[..12]);
            span.Text("container.image.name").ShouldBe("busybox:test");
            span.Text("thread.name").ShouldBe("sh");
            span.Int("process.pid").ShouldNotBeNull().ShouldBeGreaterThan(1);
            span.Text("observe.stall.verdict").ShouldBe("quota");
            // From the threshold to the rest of a period; who was found out late has used up more than one period's, and waits for several.
            span.Double("observe.stall.duration")!.Value.ShouldBeInRange(0.02, 0.5);
            ((span.End - span.Begin) / 1e9).ShouldBe(span.Double("observe.stall.duration")!.Value, 1e-6);
            span.Begin.ShouldBeGreaterThan(truth.Began.Before);
            span.End.ShouldBeLessThan(truth.Ended.After + Slack + 100_000_000, "the last spell ends with its period");
        }
        spans.ShouldNotBeEmpty();
        told.ShouldBeLessThan((truth.ThrottledNanoseconds / 1e9) + 0.1, "one thread, and one spell under way");
        run.SkipUnlessQuiet("throttle");
        // Of ten periods a second, but for those in which it did not get the CPU to use its quota up, ten are told.
        spans.Count.ShouldBeInRange(10, (int)(seconds * 10) + 12);
    }

    [Fact]
    public void Wait_OfTheVictim_NamesItsNeighbourAndHowMuchOfItWasIts()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Neighbour;
        var spans = run.Payload.Of(truth.Victim, "stall.wait").Where(each => each.Begin >= truth.Resumed.After && each.End <= truth.Left.Before).ToList();
        var (blamed, unexplained) = (0.0, 0.0);
        foreach (var span in spans)
        {
            var shares = SharesOf(span);
            shares.Sum(each => each.Share).ShouldBe(1, 1e-9, $"{span}");
            shares.Select(each => each.Share).ShouldBe(shares.Select(each => each.Share).OrderDescending(), $"{span}: the longest first");
            var length = span.Double("observe.stall.duration")!.Value;
            blamed += length * shares.Where(each => each.Who == NeighbourAct.NoisyName).Sum(each => each.Share);
            // Others that ran there, the agent and the engine among them, and what the hypervisor took, are rightly theirs.
            unexplained += length * shares.Where(each => each.Kind is "self" or "idle" or "unknown").Sum(each => each.Share);
        }
        var total = spans.Sum(each => each.Double("observe.stall.duration")!.Value);
        notes.WriteLine($"{spans.Count} waits of {total:0.000} s: {100 * blamed / total:0.00} % the neighbour's, {100 * unexplained / total:0.00} % without a culprit");

        spans.ShouldNotBeEmpty();
        foreach (var span in spans.Where(each => SharesOf(each).Any(one => one is { Who: NeighbourAct.NoisyName, Share: > 0.5 })))
        {
            SharesOf(span)[0].ShouldBe((NeighbourAct.NoisyName, "workload", SharesOf(span)[0].Share));
            span.Text("observe.stall.verdict").ShouldBe("neighbour", $"{span}");
        }
        run.SkipUnlessQuiet("wait");
        spans.Count.ShouldBeGreaterThan(10);
        (blamed / (blamed + unexplained)).ShouldBeGreaterThanOrEqualTo(Charged);
        // Where somebody else had most of a wait it is that one's.
        spans.Count(each => each.Text("observe.stall.verdict") == "neighbour").ShouldBeGreaterThan((int)(0.8 * spans.Count));
    }

    [Fact]
    public void Delay_OfTheVictim_IsChargedToItsNeighbourAsMuchAsTheEngineSaysThatItRan()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Neighbour;
        var points = Delays(truth.Victim).Single(each => each.Attributes["culprit"] == NeighbourAct.NoisyName).Points;
        // Of the pause, in which nothing was added, to the last of all, long after it had come to rest.
        var first = points.Last(each => (long)each.TimeUnixNano <= truth.Resumed.Before);
        ((long)first.TimeUnixNano - truth.Paused.After).ShouldBeGreaterThan(TakenOver, "the agent exported in the pause");
        var charged = points[^1].AsDouble - first.AsDouble;
        var injected = truth.InjectedNanoseconds / 1e9;
        notes.WriteLine($"it ran for {injected:0.000} s, of which {charged:0.000} s ({100 * charged / injected:0.00} %) are charged to it");

        charged.ShouldBeLessThanOrEqualTo(injected + Tick);
        run.SkipUnlessQuiet("wait");
        injected.ShouldBeGreaterThan(3, "most of the time");
        charged.ShouldBeGreaterThanOrEqualTo(Charged * injected);
    }

    [Fact]
    public void Delay_OfTheVictim_AddsUpToWhatItWasCharged()
    {
        run.SkipUnlessPlayed();
        var victim = run.Truth.Neighbour.Victim;
        var whole = run.Payload.Series.Single(each => each.Metric == "observe.delay.charged" && each.Resource.GetValueOrDefault("container.id") == victim).Points[^1];
        // A culprit that has lost its name to a greater one is not among them any more: it is in what has no name.
        var parts = Delays(victim).Select(each => each.Points[^1]).Where(each => each.TimeUnixNano == whole.TimeUnixNano).ToList();
        parts.Count.ShouldBeGreaterThan(1);
        // It rests: nothing of it moves any more. Sums are in ns, and written as fractions of a second.
        parts.Sum(each => each.AsDouble).ShouldBe(whole.AsDouble, 1e-6);
    }

    [Fact]
    public void Verdict_OfEveryStall_IsWhatTheRulesSay()
    {
        run.SkipUnlessPlayed();
        var migrations = run.Payload.Named("vcenter.vm.migrate").Select(each => each.SpanId).ToHashSet();
        foreach (var span in run.Payload.Spans.Where(each => each.Name.StartsWith("stall.", StringComparison.Ordinal)))
        {
            Expected(span, migrations.Contains(span.ParentId)).ShouldContain(span.Text("observe.stall.verdict")!, $"{span}: {span.Text("observe.stall.evidence")}");
            span.Text("observe.stall.evidence").ShouldNotBeNullOrEmpty($"{span}");
        }
    }

    /// <summary>The rules as docs/traces.md has them; of a wait of which this machine stood still for some half, what they say on either side of that.</summary>
    private IEnumerable<string> Expected(ExportedSpan span, bool isInMigration)
    {
        var still = span.Name == "stall.wait" ? StoodStill(span) : 0;
        if (still > 0.4)
            yield return isInMigration ? "migration" : "hypervisor";
        if (still < 0.6)
            yield return ByItself(span, isInMigration);
    }

    /// <summary>For what share of it the whole machine stood still.</summary>
    private double StoodStill(ExportedSpan span) =>
        run.Payload.Named("guest.blackout").Sum(each => Math.Max(0, Math.Min(span.End, each.End) - Math.Max(span.Begin, each.Begin))) / (double)(span.End - span.Begin);

    private static string ByItself(ExportedSpan span, bool isInMigration)
    {
        switch (span.Name)
        {
            case "stall.throttle":
                return "quota";
            case "stall.blocked":
                return "io";
            case "stall.stopped":
                return isInMigration ? "migration" : "unknown";
        }
        var by = SharesOf(span).GroupBy(each => VerdictOn(each.Kind), each => each.Share).Select(each => (Verdict: each.Key, Share: each.Sum())).ToList();
        var (verdict, share) = by.Count == 0 ? ("unknown", 0) : by.MaxBy(each => each.Share);
        return isInMigration && verdict == "hypervisor" ? "migration" : share > 0.5 ? verdict : "unknown";
    }

    private static string VerdictOn(string kind) => kind switch
    {
        "self" or "sibling" => "self",
        "workload" or "kernel" => "neighbour",
        "interrupt" => "irq",
        "hypervisor" => "hypervisor",
        _ => "unknown",
    };

    private static List<(string Who, string Kind, double Share)> SharesOf(ExportedSpan span) =>
        [.. span.Texts("observe.stall.culprits").Zip(span.Texts("observe.stall.culprit.kinds"), span.Doubles("observe.stall.culprit.shares"))];

    private IEnumerable<PushedSeries> Delays(string container) =>
        run.Payload.Series.Where(each => each.Metric == "observe.delay" && each.Resource.GetValueOrDefault("container.id") == container);
}
