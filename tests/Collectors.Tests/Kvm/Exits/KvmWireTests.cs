using Observe.Bpf.Types;
using Observe.Collectors.Kvm.Exits;
using Observe.Collectors.Tests.Sched;

namespace Observe.Collectors.Tests.Kvm.Exits;

/// <summary>The C# twins of <c>bpf/kvm.h</c> against the BTF of the compiled object.</summary>
public sealed class KvmWireTests
{
    [Fact]
    public void Layout_OfEveryWireStruct_EqualsTheObjectsBtf()
    {
        var btf = Btf.FromElf(File.ReadAllBytes(BuiltObject.Path("kvm")), "kvm.bpf.o");

        LayoutCheck.Compare<KvmVcpuAccount>(btf, "kvm_vcpu_account").ShouldBeEmpty();
        LayoutCheck.Compare<KvmReason>(btf, "kvm_reason").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("KVM_TIME_GUEST", VcpuTime.Guest)]
    [InlineData("KVM_TIME_EXIT", VcpuTime.Exit)]
    [InlineData("KVM_TIME_HALT_POLL", VcpuTime.HaltPoll)]
    [InlineData("KVM_TIME_USERSPACE", VcpuTime.Userspace)]
    [InlineData("KVM_TIME_WAITING", VcpuTime.Waiting)]
    [InlineData("KVM_TIME_THROTTLED", VcpuTime.Throttled)]
    [InlineData("KVM_TIME_BLOCKED", VcpuTime.Blocked)]
    [InlineData("KVM_TIME_SLEEPING", VcpuTime.Sleeping)]
    public void State_OfTheHeader_EqualsItsTwin(string enumerator, object state) =>
        File.ReadAllText(BuiltObject.Source("kvm.h")).ShouldMatch($@"{enumerator} = {(int)(VcpuTime)state},");

    [Fact]
    public void LostReasons_AreAsManyAsTheHeaders() =>
        File.ReadAllText(BuiltObject.Source("kvm.h")).ShouldContain($"KVM_LOSTS = {KvmWire.LostReasons.Length},");

    [Fact]
    public void States_HaveANameEach() => KvmWire.States.Length.ShouldBe(KvmWire.Times);
}
