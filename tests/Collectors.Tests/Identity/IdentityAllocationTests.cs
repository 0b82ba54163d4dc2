using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Identity;

[Collection(nameof(Alone))]
public sealed class IdentityAllocationTests
{
    private const string A = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData($"/docker/{A}/init")]
    [InlineData($"/kubepods.slice/kubepods-pod6f1c2a3b_4d5e_6f70_8192_a3b4c5d6e7f8.slice/cri-containerd-{A}.scope")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/a.service")]
    [InlineData("/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d01.scope/libvirt/vcpu0")]
    [InlineData("/garbage/\u4f60")]
    public void Match_AnyPath_AllocatesNothing(string path)
    {
        var lengths = 0;

        SteadyAllocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                lengths += CgroupPathParser.Match(path).KeyLength;
        }).ShouldBe(0);

        lengths.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Born_KnownWorkload_AllocatesOnlyTheCgroupsRecord()
    {
        var registry = new WorkloadRegistry();
        var path = $"/docker/{A}/init";
        registry.Born(1UL, $"/docker/{A}", 1);

        var perBirth = SteadyAllocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                registry.Born(2UL, path, 1);
                registry.Retire(2UL);
            }
        }) / 1000;

        // A LiveCgroup and a node of the dictionary; a path parsed into strings would take ten times as much.
        perBirth.ShouldBeInRange(1, 160);
    }
}
