using System.Text;
using Observe.Collectors.Kvm.Stats;

namespace Observe.Collectors.Tests.Kvm.Stats;

public sealed class KvmLinkTests
{
    [Theory]
    [InlineData("anon_inode:kvm-vm", "Vm", -1)]
    [InlineData("anon_inode:[kvm-vm]", "Vm", -1)]
    [InlineData("anon_inode:kvm-vcpu:12", "Vcpu", 12)]
    [InlineData("anon_inode:kvm-vcpu", "Vcpu", -1)]
    [InlineData("anon_inode:kvm-vcpu-stats:3", "VcpuStats", 3)]
    [InlineData("anon_inode:[kvm-vcpu-stats]", "VcpuStats", -1)]
    [InlineData("anon_inode:[kvm-vcpu-stats:7]", "VcpuStats", 7)]
    public void Parse_NameOfADescriptorOfKvm_IsRecognized(string name, string kind, int vcpu) =>
        KvmLink.Parse(Encoding.ASCII.GetBytes(name)).ShouldBe(new KvmLink(Enum.Parse<KvmLinkKind>(kind), vcpu));

    [Theory]
    [InlineData("")]
    [InlineData("anon_inode:")]
    [InlineData("anon_inode:[")]
    [InlineData("anon_inode:[]")]
    [InlineData("anon_inode:[eventfd]")]
    [InlineData("anon_inode:kvm-vm-stats")]
    [InlineData("anon_inode:kvm-vcpu-stats:")]
    [InlineData("anon_inode:kvm-vcpu-stats:x")]
    [InlineData("anon_inode:kvm-vcpu-stats:1x")]
    [InlineData("anon_inode:kvm-vcpu-stats:-1")]
    [InlineData("anon_inode:kvm-vcpu-stats:99999999999")]
    [InlineData("/tmp/anon_inode:kvm-vm")]
    [InlineData("socket:[123]")]
    public void Parse_AnyOtherName_IsNone(string name) => KvmLink.Parse(Encoding.ASCII.GetBytes(name)).ShouldBe(default);
}
