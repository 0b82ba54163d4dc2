using Observe.Collectors.Kvm.Exits;

namespace Observe.Collectors.Tests.Kvm.Exits;

public sealed class ExitReasonsTests
{
    // Anchors from the processors' manuals, spread over the tables so that a missing line shows.
    [Theory]
    [InlineData(0, "exception_nmi")]
    [InlineData(6, "other_smi")]
    [InlineData(10, "cpuid")]
    [InlineData(12, "hlt")]
    [InlineData(18, "vmcall")]
    [InlineData(28, "cr_access")]
    [InlineData(30, "io_instruction")]
    [InlineData(32, "msr_write")]
    [InlineData(36, "mwait_instruction")]
    [InlineData(40, "pause_instruction")]
    [InlineData(48, "ept_violation")]
    [InlineData(52, "preemption_timer")]
    [InlineData(55, "xsetbv")]
    [InlineData(64, "xrstors")]
    [InlineData(67, "umwait")]
    [InlineData(74, "bus_lock")]
    [InlineData(77, "tdcall")]
    [InlineData(35, "35")]
    [InlineData(500, "500")]
    public void NameOf_Vmx_IsTheManuals(uint reason, string name) => ExitReasons.NameOf(ExitReasons.Vmx, reason, arm: false).ShouldBe(name);

    [Theory]
    [InlineData(0x00, "read_cr0")]
    [InlineData(0x18, "write_cr8")]
    [InlineData(0x4e, "pf_excp")]
    [InlineData(0x60, "interrupt")]
    [InlineData(0x64, "vintr")]
    [InlineData(0x72, "cpuid")]
    [InlineData(0x77, "pause")]
    [InlineData(0x78, "hlt")]
    [InlineData(0x7b, "io")]
    [InlineData(0x7c, "msr")]
    [InlineData(0x81, "vmmcall")]
    [InlineData(0x8e, "rdpru")]
    [InlineData(0x8f, "efer_write_trap")]
    [InlineData(0x94, "cr4_write_trap")]
    [InlineData(0xa5, "bus_lock")]
    [InlineData(0x400, "npf")]
    [InlineData(0x403, "vmgexit")]
    [InlineData(0xa3, "163")]
    [InlineData(uint.MaxValue, "unknown")]
    public void NameOf_Svm_IsTheManuals(uint reason, string name) => ExitReasons.NameOf(ExitReasons.Svm, reason, arm: false).ShouldBe(name);

    [Theory]
    [InlineData(0x01, "wfx")]
    [InlineData(0x16, "hvc64")]
    [InlineData(0x18, "sys64")]
    [InlineData(0x24, "dabt_low")]
    [InlineData(0x100, "irq")]
    [InlineData(0x3f, "63")]
    public void NameOf_Arm_IsTheManuals(uint reason, string name) => ExitReasons.NameOf(0, reason, arm: true).ShouldBe(name);

    [Fact]
    public void NameOf_UnknownInstructionSet_IsTheNumber() => ExitReasons.NameOf(7, 10, arm: false).ShouldBe("10");
}
