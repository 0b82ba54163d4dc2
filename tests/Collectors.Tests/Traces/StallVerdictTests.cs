using Observe.Collectors.Identity;
using Observe.Collectors.Kvm.Exits;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;

namespace Observe.Collectors.Tests.Traces;

/// <summary>Every rule of the verdicts, and its edges.</summary>
public sealed class StallVerdictTests
{
    [Theory]
    [InlineData(StallKind.Throttle, "quota")]
    [InlineData(StallKind.Blocked, "io")]
    [InlineData(StallKind.Exit, "hypervisor")]
    [InlineData(StallKind.Wait, "unknown")]
    [InlineData(StallKind.Stopped, "unknown")]
    public void Judge_ByKindAlone(StallKind kind, string word) => Of(kind, false).ShouldBe(word);

    [Theory]
    [InlineData("io", "io")]
    [InlineData("io_instruction", "io")]
    [InlineData("ept_misconfig", "io")]
    [InlineData("npf", "io")]
    [InlineData("dabt_low", "io")]
    [InlineData("hlt", "hypervisor")]
    [InlineData("ept_violation", "hypervisor")]
    [InlineData("ioapic", "hypervisor")]
    public void Judge_Exit_ByItsReason(string reason, string word) => StallVerdict.Judge(Make(StallKind.Exit, [], new KeyValuePair<string, string>(StallAttributes.ExitReason, reason)), false).Verdict.ToWord().ShouldBe(word);

    [Fact]
    public void DeviceReasons_All_AreNamesThatExitsHave()
    {
        // Numbers of the three instruction sets, as far as any has names.
        var names = Enumerable.Range(0, 0x500).Select(each => (uint)each).SelectMany(each => new[]
        {
            ExitReasons.NameOf(ExitReasons.Vmx, each, arm: false), ExitReasons.NameOf(ExitReasons.Svm, each, arm: false), ExitReasons.NameOf(0, each, arm: true),
        }).ToHashSet(StringComparer.Ordinal);
        StallVerdict.DeviceReasons.ShouldBeSubsetOf(names);
    }

    [Theory]
    [InlineData(CulpritKind.Self, "self")]
    [InlineData(CulpritKind.Sibling, "self")]
    [InlineData(CulpritKind.Workload, "neighbour")]
    [InlineData(CulpritKind.Kernel, "neighbour")]
    [InlineData(CulpritKind.Interrupt, "irq")]
    [InlineData(CulpritKind.Hypervisor, "hypervisor")]
    [InlineData(CulpritKind.Idle, "unknown")]
    [InlineData(CulpritKind.Unknown, "unknown")]
    public void Judge_Wait_ByWhoHadMoreThanHalf(CulpritKind kind, string word)
    {
        var other = kind is CulpritKind.Self or CulpritKind.Sibling ? CulpritKind.Interrupt : CulpritKind.Self;
        Of(StallKind.Wait, false, new(kind, null, 51), new(other, null, 49)).ShouldBe(word);
        Of(StallKind.Wait, false, new(kind, null, 50), new(other, null, 50)).ShouldBe("unknown", "half is not more than half");
    }

    [Fact]
    public void Judge_Wait_AddsUpWhatIsTheSame()
    {
        Of(StallKind.Wait, false, new(CulpritKind.Interrupt, null, 40), new(CulpritKind.Workload, null, 30), new(CulpritKind.Kernel, null, 30)).ShouldBe("neighbour");
        Of(StallKind.Wait, false, new(CulpritKind.Self, null, 34), new(CulpritKind.Interrupt, null, 33), new(CulpritKind.Workload, null, 33)).ShouldBe("unknown");
    }

    [Theory]
    [InlineData(CulpritKind.Hypervisor, "migration")]
    [InlineData(CulpritKind.Unknown, "unknown")]
    [InlineData(CulpritKind.Idle, "unknown")]
    [InlineData(CulpritKind.Workload, "neighbour")]
    [InlineData(CulpritKind.Self, "self")]
    public void Judge_WaitInAMigration_IsTheMigrationsIfTheHypervisorTookIt(CulpritKind kind, string word) => Of(StallKind.Wait, true, new Culprit(kind, null, 100)).ShouldBe(word);

    [Fact]
    public void Judge_InAMigration_OthersThanWaitsStayWhatTheyAre()
    {
        Of(StallKind.Wait, true).ShouldBe("unknown");
        Of(StallKind.Stopped, true).ShouldBe("migration");
        Of(StallKind.Throttle, true).ShouldBe("quota");
        Of(StallKind.Blocked, true).ShouldBe("io");
        Of(StallKind.Exit, true).ShouldBe("hypervisor");
    }

    [Theory]
    [InlineData(true, 51, "migration")]
    [InlineData(false, 51, "hypervisor")]
    [InlineData(true, 49, "neighbour")]
    public void Judge_WaitInWhichTheMachineStoodStill_IsNotPutDownToWhoSeemedToRun(bool isInMigration, long blackout, string word)
    {
        var stall = Make(StallKind.Wait, [new(CulpritKind.Workload, null, 100)]) with { Nanoseconds = 100 };
        StallVerdict.Judge(stall, isInMigration, blackout).Verdict.ToWord().ShouldBe(word);
    }

    [Fact]
    public void Judge_Always_SaysWhatItSaw() =>
        StallVerdict.Judge(Make(StallKind.Wait, [new(CulpritKind.Workload, null, 3), new(CulpritKind.Self, null, 1)]), false).Evidence.ShouldBe("75 % of the wait: other workloads and the kernel's threads");

    private static string Of(StallKind kind, bool isInMigration, params Culprit[] culprits) => StallVerdict.Judge(Make(kind, culprits), isInMigration).Verdict.ToWord();

    private static Stall Make(StallKind kind, Culprit[] culprits, params KeyValuePair<string, string>[] attributes) =>
        new(kind, WorkloadRegistry.Other, default, default, new StalledThread(1, 1, "x"), 0, culprits, attributes) { Nanoseconds = 1 };
}
