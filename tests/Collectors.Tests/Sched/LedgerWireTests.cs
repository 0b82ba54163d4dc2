using System.Runtime.CompilerServices;
using Observe.Bpf.Types;
using Observe.Collectors.Sched;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Tests.Sched;

/// <summary>The C# twins of <c>bpf/ledger.h</c> against the BTF of the compiled object.</summary>
public sealed class LedgerWireTests
{
    [Fact]
    public void Layout_OfEveryWireStruct_EqualsTheObjectsBtf()
    {
        var btf = Btf.FromElf(File.ReadAllBytes(BuiltObject.Path("ledger")), "ledger.bpf.o");

        LayoutCheck.Compare<LedgerCellHead>(btf, "ledger_cell_head").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerCell>(btf, "ledger_cell").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerCpu>(btf, "ledger_cpu").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerSlice>(btf, "ledger_slice").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerTaken>(btf, "ledger_taken").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerEnding>(btf, "ledger_ending").ShouldBeEmpty();
        LayoutCheck.Compare<StallLimits>(btf, "stall_limits").ShouldBeEmpty();
        LayoutCheck.Compare<StallVictim>(btf, "stall_victim").ShouldBeEmpty();
        LayoutCheck.Compare<StallRecord>(btf, "stall").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerSlot>(btf, "ledger_slot").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerSpells>(btf, "ledger_spells").ShouldBeEmpty();
        LayoutCheck.Compare<LedgerOpen>(btf, "ledger_open").ShouldBeEmpty();
    }

    [Fact]
    public void Cell_Size_IsElevenCacheLines() => Unsafe.SizeOf<LedgerCell>().ShouldBe(704);

    [Theory]
    [InlineData("ledger_throttle", "LEDGER_THROTTLE_HOOKS", (long)LedgerThrottle.Hooks)]
    [InlineData("ledger_throttle", "LEDGER_THROTTLE_CLOCK", (long)LedgerThrottle.Clock)]
    [InlineData("ledger_throttle", "LEDGER_THROTTLE_TASK", (long)LedgerThrottle.Task)]
    [InlineData("ledger_hierarchy", "LEDGER_HIERARCHY_V1", (long)LedgerHierarchy.V1)]
    [InlineData("ledger_hierarchy", "LEDGER_HIERARCHY_HYBRID", (long)LedgerHierarchy.Hybrid)]
    [InlineData("ledger_state", "LEDGER_SLEEPING", (long)LedgerState.Sleeping)]
    [InlineData("ledger_state", "LEDGER_THROTTLED", (long)LedgerState.Throttled)]
    [InlineData("ledger_fixed_slot", "LEDGER_SLOT_FIRST", LedgerWire.SlotFirst)]
    public void Constant_OfTheHeader_EqualsItsTwin(string enumeration, string enumerator, long expected)
    {
        var header = File.ReadAllText(BuiltObject.Source("ledger.h"));

        header.ShouldContain($"enum {enumeration} {{");
        header.ShouldMatch($@"{enumerator} = {expected},");
    }

    [Fact]
    public void LostReasons_AreAsManyAsTheHeaders() =>
        File.ReadAllText(BuiltObject.Source("ledger.h")).ShouldContain($"LEDGER_LOST_REASONS = {LedgerWire.LostReasons.Length},");
}
