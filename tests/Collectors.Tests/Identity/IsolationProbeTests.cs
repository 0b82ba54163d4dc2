using Observe.Collectors.Identity;
using Observe.Collectors.Tests.Cgroup;

namespace Observe.Collectors.Tests.Identity;

public sealed class IsolationProbeTests
{
    private const string A = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Path = $"/docker/{A}";

    [Theory]
    [InlineData("10\n11\n", WorkloadIsolation.Sandbox)]
    [InlineData("11\n10\n", WorkloadIsolation.Container)]
    // of another pid namespace, then one that has ended
    [InlineData("0\n99\n10\n", WorkloadIsolation.Sandbox)]
    [InlineData("99\n98\n97\n96\n10\n", WorkloadIsolation.Container)]
    [InlineData("", WorkloadIsolation.Container)]
    [InlineData("nonsense\n-1\n99999999999999\n10\n", WorkloadIsolation.Sandbox)]
    public void Born_NewContainer_IsRefinedByItsFirstProcess(string processes, WorkloadIsolation expected)
    {
        using var tree = Processes().With($"cgroup{Path}/cgroup.procs", processes);

        Registry(tree).Born(1UL, Path, 1).Isolation.ShouldBe(expected);
    }

    [Fact]
    public void Born_CgroupsBeneathAContainer_AreLookedAtOnceAndWhereTheProcessesAre()
    {
        using var tree = Processes().With($"cgroup{Path}/init/cgroup.procs", "10\n");
        var looked = new List<string>();
        var registry = Registry(tree, looked);

        var workload = registry.Born(1UL, $"{Path}/init", 1);
        registry.Born(2UL, Path, 1).ShouldBeSameAs(workload);
        registry.Born(3UL, "/a.service", 1);
        registry.Born(4UL, "/qemu.slice/100.scope", 1);

        looked.ShouldBe([$"{Path}/init"]);
        workload.Isolation.ShouldBe(WorkloadIsolation.Sandbox);
    }

    [Fact]
    public void Born_ContainerThatCannotBeSeen_IsWhatItsPathSays()
    {
        using var tree = Processes();

        Registry(tree).Born(1UL, Path, 1).Isolation.ShouldBe(WorkloadIsolation.Container);
        new WorkloadRegistry(probe: new IsolationProbe((_, _) => null)).Born(1UL, Path, 1).Isolation.ShouldBe(WorkloadIsolation.Container);
        // What cgroup.procs of a threaded cgroup does: it can be opened, not read.
        Directory.CreateDirectory($"{tree.Root}/cgroup{Path}/cgroup.procs");
        Registry(tree).Born(2UL, Path, 1).Isolation.ShouldBe(WorkloadIsolation.Container);
    }

    private static TempTree Processes() => new TempTree()
        .With("proc/10/comm", "exe\n").With("proc/10/cmdline", "runsc-sandbox\0--root=/run/runsc\0boot\0")
        .With("proc/11/comm", "nginx\n").With("proc/11/cmdline", "nginx: master process");

    private static WorkloadRegistry Registry(TempTree tree, List<string>? looked = null) => new(probe: new IsolationProbe(
        (_, path) =>
        {
            looked?.Add(path);
            return $"{tree.Root}/cgroup{path}";
        },
        $"{tree.Root}/proc"));
}
