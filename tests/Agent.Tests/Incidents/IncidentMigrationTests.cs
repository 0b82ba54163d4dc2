using System.Security.Cryptography;
using System.Text;
using Observe.Agent.Tests.Incidents.Acts;
using Observe.Agent.Tests.Incidents.Payload;

namespace Observe.Agent.Tests.Incidents;

/// <summary>The virtual machine's move: one operation with its parts, and what happened on this host meanwhile in it, if that is certain.</summary>
/// <param name="run">The incident.</param>
/// <param name="notes">Where numbers go.</param>
[Collection(nameof(OneIncident))]
public sealed class IncidentMigrationTests(IncidentRun run, ITestOutputHelper notes)
{
    private static readonly string[] Phases = ["queued", "preparing", "transferring", "finishing"];

    /// <summary>From a signal that was sent until what got it stands, or runs again: it may have to wait for its CPU, which others have.</summary>
    private const long Delivery = 150_000_000;

    /// <summary>
    /// What the host's own clock may be off is in all bounds alike, and is no error of one moment against another. Between a span's begin and its end it grows by 0.5 ms
    /// a second, or is put right; the lesser is told.
    /// </summary>
    private const long Grey = 2_000_000;

    private ExportedSpan Operation => run.Payload.Named("vcenter.vm.migrate").ShouldHaveSingleItem();

    [Fact]
    public void Operation_OfTheChain_HasTheIdsThatAnybodyCanCompute()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Migration;
        var hash = Hash($"vcenter.operation\0{run.Truth.VCenterUuid}\0{truth.Chain}");
        (Operation.TraceId, Operation.SpanId, Operation.ParentId).ShouldBe((hash[..32], hash[..16], ""));
        Operation.IsError.ShouldBeFalse();
        Operation.Text("vcenter").ShouldBe(IncidentStage.VCenterName);
        Operation.Text("vcenter.instance_uuid").ShouldBe(run.Truth.VCenterUuid);
        Operation.Text("vcenter.event.chain_id").ShouldBe($"{truth.Chain}");
        Operation.Text("vcenter.task.id").ShouldBe(truth.Task);
        Operation.Text("vcenter.task.descriptor").ShouldBe("Drm.ExecuteVMotionLRO");
        Operation.Text("vcenter.vm.name").ShouldBe(IncidentStage.MachineName);
        Operation.Text("vcenter.source.host.name").ShouldBe(MigrationAct.Source);
        Operation.Text("vcenter.destination.host.name").ShouldBe(MigrationAct.Destination);
        // Three events, the task's beginning and its end.
        Operation.Int("observe.vcenter.events").ShouldBe(5);
        Operation.Texts("observe.vcenter.event.types").ShouldBe(["TaskEvent", "VmBeingHotMigratedEvent", "DrsVmMigratedEvent"]);
    }

    [Fact]
    public void Phases_OfTheOperation_AreFromStepToStep()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Migration;
        var phases = run.Payload.Named("vcenter.operation.phase").OrderBy(each => each.Begin).ToList();
        phases.Select(each => each.Text("observe.vcenter.phase")).ShouldBe(Phases);
        phases.ShouldAllBe(each => each.ParentId == Operation.SpanId && each.TraceId == Operation.TraceId);
        for (var i = 0; i < Phases.Length; i++)
        {
            phases[i].SpanId.ShouldBe(Hash($"vcenter.operation.phase\0{run.Truth.VCenterUuid}\0{truth.Chain}\0{Phases[i]}")[..16]);
            // The step was taken within what is stated of it, whatever the agent made of the other clock.
            ShouldBe(truth.Steps[i], phases[i].Begin, BeginError(phases[i]), $"beginning of {Phases[i]}");
            ShouldBe(truth.Steps[i + 1], phases[i].End, EndError(phases[i]), $"end of {Phases[i]}");
        }
        ShouldBe(truth.Steps[0], Operation.Begin, BeginError(Operation), "beginning");
        ShouldBe(truth.Steps[^1], Operation.End, EndError(Operation), "end");
        notes.WriteLine($"{(Operation.End - Operation.Begin) / 1e9:0.000} s, begin known to {BeginError(Operation) / 1e6:0.000} ms against this host's clock, end to {EndError(Operation) / 1e6:0.000} ms");
        BeginError(Operation).ShouldBeLessThan(100_000_000, "it was asked over loopback");
    }

    [Fact]
    public void Placement_OfEverythingOnThisHost_IsInTheOperationOrLinkedOrNeither()
    {
        run.SkipUnlessPlayed();
        var counts = new Dictionary<string, int>();
        // Parts of something else stand where that does.
        var own = run.Payload.Spans.Where(each => each.Name.StartsWith("stall.", StringComparison.Ordinal) || (each.Name.StartsWith("container.", StringComparison.Ordinal) && each.ParentId is "" || each.ParentId == Operation.SpanId && each.Name != "vcenter.operation.phase"));
        foreach (var span in own)
        {
            var isLinked = span.Links.Any(each => (each.TraceId, each.SpanId, each.Reason) == (Operation.TraceId, Operation.SpanId, "overlaps"));
            var place = span.ParentId == Operation.SpanId ? "inside" : isLinked ? "linked" : "apart";
            Possible(span).ShouldContain(place, $"{span}");
            (span.TraceId == Operation.TraceId).ShouldBe(place == "inside", $"{span}");
            counts[place] = counts.GetValueOrDefault(place) + 1;
        }
        notes.WriteLine(string.Join(", ", counts.Select(each => $"{each.Value} {each.Key}")));
        run.SkipUnlessQuiet("throttle");
        // Of three seconds in the middle of which ten throttled spells and as many waits a second were told.
        counts.GetValueOrDefault("inside").ShouldBeGreaterThan(10);
        counts.GetValueOrDefault("apart").ShouldBeGreaterThan(20);
        // Lives of containers that were there before and after.
        counts.GetValueOrDefault("linked").ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void Stopped_TheProcessesThatStoodStill_AreInTheOperationAndItsDoing()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Migration;
        var spans = run.Payload.Of(truth.Container, "stall.stopped");
        notes.WriteLine(string.Join(", ", spans.Select(each => $"{each.Text("thread.name")} {each.Double("observe.stall.duration"):0.000} s")));
        spans.Select(each => (int)each.Int("process.pid")!.Value).ShouldBeSubsetOf(truth.Processes);
        foreach (var span in spans)
        {
            span.ParentId.ShouldBe(Operation.SpanId);
            span.Text("observe.stall.verdict").ShouldBe("migration");
            span.Text("container.name").ShouldBe(MigrationAct.Name);
            span.Begin.ShouldBeInRange(truth.Stopped.Before, truth.Stopped.After + Delivery);
            span.End.ShouldBeInRange(truth.Continued.Before, truth.Continued.After + Delivery);
        }
        // Where its waits have used up what is told of one workload, one of them may be missing.
        run.SkipUnlessQuiet("stopped");
        spans.Count.ShouldBe(truth.Processes.Count);
    }

    /// <summary>Where a span of this host may stand: known, but for the grey.</summary>
    private IEnumerable<string> Possible(ExportedSpan span)
    {
        var (begin, end) = (BeginError(Operation), EndError(Operation));
        foreach (var grey in (long[])[-Grey, 0, Grey])
        {
            yield return span.Begin >= Operation.Begin + begin + grey && span.End <= Operation.End - end - grey ? "inside"
                : span.End >= Operation.Begin - begin - grey && span.Begin <= Operation.End + end + grey ? "linked" : "apart";
        }
    }

    /// <summary>How far the shown beginning may be from the moment that this host's clock showed then, ns.</summary>
    private static long BeginError(ExportedSpan span) => Math.Max(0, ((span.BeginLatest - span.Earliest) / 2) - span.Common);

    private static long EndError(ExportedSpan span) => Math.Max(0, ((span.Latest - span.EndEarliest) / 2) - span.Common);

    private static void ShouldBe(Stamp truth, long shown, long error, string what) => shown.ShouldBeInRange(truth.Before - error - Grey, truth.After + error + Grey, what);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"observe\0{text}")));
}
