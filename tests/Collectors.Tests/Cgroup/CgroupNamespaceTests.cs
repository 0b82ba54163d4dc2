using Observe.Collectors.Cgroup;

namespace Observe.Collectors.Tests.Cgroup;

public sealed class CgroupNamespaceTests : IDisposable
{
    private const int Us = 4711;

    // A pod's container, four levels down, beside others that are as deep.
    private readonly TempTree tree = new TempTree().Unified()
        .With("kubepods/burstable/pod1/cgroup.procs", "")
        .With("kubepods/burstable/pod1/agent/cgroup.procs", "17\n4711\n")
        .With("kubepods/burstable/pod1/agent/inner/cgroup.procs", "")
        .With("kubepods/burstable/pod2/other/cgroup.procs", "47110\n471\n")
        .With("system.slice/a.service/x/y/cgroup.procs", "1\n");

    [Theory]
    [InlineData("/", "/kubepods/burstable/pod1/agent")]
    [InlineData("/inner", "/kubepods/burstable/pod1/agent/inner")]
    [InlineData("/..", "/kubepods/burstable/pod1")]
    [InlineData("/../sidecar", "/kubepods/burstable/pod1/sidecar")]
    [InlineData("/../../pod2/other", "/kubepods/burstable/pod2/other")]
    [InlineData("/../../../besteffort/pod3/c", "/kubepods/besteffort/pod3/c")]
    [InlineData("/../../../../system.slice/a.service", "/system.slice/a.service")]
    [InlineData("/../../../..", "/")]
    [InlineData("/../../../../..", null)]
    public void FromRoot_WayFromOurCgroup_IsThePathOfIt(string shown, string? path) => new CgroupNamespace(tree.Root, 4, "/", Us).FromRoot(shown).ShouldBe(path);

    [Fact]
    public void FromRoot_WeAreDeeperThanOurNamespace_GoesFromWhereThatBegins()
    {
        tree.With("kubepods/burstable/pod1/agent/cgroup.procs", "17\n").With("kubepods/burstable/pod1/agent/inner/cgroup.procs", $"{Us}\n");

        new CgroupNamespace(tree.Root, 4, "/inner", Us).FromRoot("/../sidecar").ShouldBe("/kubepods/burstable/pod1/sidecar");
    }

    [Theory]
    [InlineData(4, "/", 4712)]
    [InlineData(3, "/", Us)]
    [InlineData(4, "/../elsewhere", Us)]
    public void FromRoot_WeAreNotToBeFound_KnowsOnlyWhatGoesByTheRoot(int depth, string own, int pid)
    {
        var ours = new CgroupNamespace(tree.Root, depth, own, pid);

        ours.FromRoot("/../sidecar").ShouldBeNull();
        ours.FromRoot(string.Concat(Enumerable.Repeat("/..", depth)) + "/user.slice").ShouldBe("/user.slice");
    }

    public void Dispose() => tree.Dispose();
}
