using Observe.Collectors.Cgroup;

namespace Observe.Collectors.Tests.Cgroup;

public sealed class CgroupLayoutTests
{
    private const string UnifiedMounts = """
        22 1 254:0 / / rw,relatime - ext4 /dev/root rw
        31 23 0:27 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
        """;

    private const string LegacyMounts = """
        25 30 0:23 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:8 - tmpfs tmpfs ro,mode=755
        26 25 0:24 / /sys/fs/cgroup/systemd rw,nosuid shared:9 - cgroup cgroup rw,xattr,name=systemd
        28 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:10 - cgroup cgroup rw,cpu,cpuacct
        29 25 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:11 - cgroup cgroup rw,memory
        30 25 0:28 / /sys/fs/cgroup/blkio rw,nosuid shared:12 - cgroup cgroup rw,blkio
        31 25 0:29 / /sys/fs/cgroup/cpuset rw,nosuid shared:13 - cgroup cgroup rw,cpuset
        """;

    private const string HybridMounts = LegacyMounts + "\n27 25 0:25 / /sys/fs/cgroup/unified rw,nosuid shared:14 - cgroup2 cgroup2 rw,nsdelegate";

    private static readonly CgroupLayout.Probe AllUnified = new(["cpuset", "cpu", "io", "memory", "pids"], true, true, false);

    [Fact]
    public void Parse_UnifiedMount_KeepsAllControllersInOneDirectory()
    {
        var layout = CgroupLayout.Parse(UnifiedMounts, CgroupLayout.DefaultRoot, AllUnified);

        layout.Mode.ShouldBe(CgroupMode.Unified);
        layout.DefaultHierarchyInUse.ShouldBeTrue();
        layout.HasPressure.ShouldBeTrue();
        layout.Status.Level.ShouldBe(StatusLevel.Ok);
        foreach (var controller in Enum.GetValues<CgroupController>())
            layout.DirectoryOf(controller, "/system.slice/a.service").ShouldBe("/sys/fs/cgroup/system.slice/a.service");
        layout.DirectoryOf(CgroupController.Cpu, "/").ShouldBe("/sys/fs/cgroup");
        layout.IsUnified(CgroupController.Cpu).ShouldBeTrue();
    }

    [Fact]
    public void Parse_UnifiedWithoutCpuController_SaysSo()
    {
        var layout = CgroupLayout.Parse(UnifiedMounts, CgroupLayout.DefaultRoot, AllUnified with { UnifiedControllers = ["memory"] });

        layout.Mode.ShouldBe(CgroupMode.Unified);
        layout.DirectoryOf(CgroupController.Cpu, "/a").ShouldBeNull();
        layout.DirectoryOf(CgroupController.Memory, "/a").ShouldBe("/sys/fs/cgroup/a");
        layout.Status.Level.ShouldBe(StatusLevel.Degraded);
        layout.Status.Remedy.ShouldNotBeNull().ShouldContain("cpu controller");
    }

    [Fact]
    public void Parse_LegacyMounts_GivesEachControllerItsOwnDirectory()
    {
        var layout = CgroupLayout.Parse(LegacyMounts, CgroupLayout.DefaultRoot, new CgroupLayout.Probe([], false, true, false));

        layout.Mode.ShouldBe(CgroupMode.Legacy);
        layout.DefaultHierarchyInUse.ShouldBeFalse();
        layout.HasPressure.ShouldBeFalse();
        layout.DirectoryOf(CgroupController.Cpu, "/docker/x").ShouldBe("/sys/fs/cgroup/cpu,cpuacct/docker/x");
        layout.DirectoryOf(CgroupController.CpuAccounting, "/docker/x").ShouldBe("/sys/fs/cgroup/cpu,cpuacct/docker/x");
        layout.DirectoryOf(CgroupController.Memory, "/docker/x").ShouldBe("/sys/fs/cgroup/memory/docker/x");
        layout.DirectoryOf(CgroupController.Io, "/docker/x").ShouldBe("/sys/fs/cgroup/blkio/docker/x");
        layout.UnifiedDirectoryOf("/docker/x").ShouldBeNull();
        layout.IsUnified(CgroupController.Cpu).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parse_HybridMounts_TakesLimitsFromV1AndPressureFromV2(bool inUse)
    {
        var layout = CgroupLayout.Parse(HybridMounts, CgroupLayout.DefaultRoot, new CgroupLayout.Probe([], inUse, true, false));

        layout.Mode.ShouldBe(CgroupMode.Hybrid);
        layout.DefaultHierarchyInUse.ShouldBe(inUse);
        layout.HasPressure.ShouldBeTrue();
        layout.DirectoryOf(CgroupController.Cpu, "/docker/x").ShouldBe("/sys/fs/cgroup/cpu,cpuacct/docker/x");
        layout.UnifiedDirectoryOf("/docker/x").ShouldBe("/sys/fs/cgroup/unified/docker/x");
        layout.Status.Level.ShouldBe(StatusLevel.Ok);
    }

    [Fact]
    public void Parse_HybridWithAControllerOnV2_FindsItThere()
    {
        var mounts = string.Join('\n', HybridMounts.Split('\n').Where(line => !line.Contains("rw,memory", StringComparison.Ordinal)));

        var layout = CgroupLayout.Parse(mounts, CgroupLayout.DefaultRoot, new CgroupLayout.Probe(["memory"], true, true, false));

        layout.DirectoryOf(CgroupController.Memory, "/a").ShouldBe("/sys/fs/cgroup/unified/a");
        layout.DirectoryOf(CgroupController.Cpu, "/a").ShouldBe("/sys/fs/cgroup/cpu,cpuacct/a");
    }

    [Fact]
    public void Parse_HostRootGiven_IgnoresTheContainersOwnMounts()
    {
        var mounts = UnifiedMounts.Replace(" / /sys/fs/cgroup ", " /kubepods/pod1/c /sys/fs/cgroup ") + "\n90 80 0:27 / /host/sys/fs/cgroup ro,relatime master:9 - cgroup2 cgroup2 rw";

        var layout = CgroupLayout.Parse(mounts, "/host/sys/fs/cgroup", AllUnified);

        layout.DirectoryOf(CgroupController.Cpu, "/a").ShouldBe("/host/sys/fs/cgroup/a");
        layout.Status.Level.ShouldBe(StatusLevel.Ok);
    }

    [Fact]
    public void Parse_PartOfTheTreeMounted_MapsItsPathsAndNoOthers()
    {
        var mounts = UnifiedMounts.Replace(" / /sys/fs/cgroup ", " /kubepods/pod1 /sys/fs/cgroup ");

        var layout = CgroupLayout.Parse(mounts, CgroupLayout.DefaultRoot, AllUnified);

        layout.DirectoryOf(CgroupController.Cpu, "/kubepods/pod1").ShouldBe("/sys/fs/cgroup");
        layout.DirectoryOf(CgroupController.Cpu, "/kubepods/pod1/c").ShouldBe("/sys/fs/cgroup/c");
        layout.DirectoryOf(CgroupController.Cpu, "/kubepods/pod12").ShouldBeNull();
        layout.DirectoryOf(CgroupController.Cpu, "/system.slice").ShouldBeNull();
        layout.Status.Level.ShouldBe(StatusLevel.Degraded);
    }

    [Fact]
    public void Parse_HostRootSeenFromACgroupNamespace_IsWhole()
    {
        var mounts = UnifiedMounts.Replace(" / /sys/fs/cgroup ", " /../../.. /host/sys/fs/cgroup ");

        var layout = CgroupLayout.Parse(mounts, "/host/sys/fs/cgroup", AllUnified with { OwnCgroups = "0::/\n" });

        layout.DirectoryOf(CgroupController.Cpu, "/kubepods.slice/a").ShouldBe("/host/sys/fs/cgroup/kubepods.slice/a");
        layout.FromRoot("/../../../system.slice/b", legacy: false).ShouldBe("/system.slice/b");
        layout.UnifiedDirectoryOf("/system.slice").ShouldBe("/host/sys/fs/cgroup/system.slice");
        layout.Status.Level.ShouldBe(StatusLevel.Ok);
    }

    [Fact]
    public void Parse_PartSeenFromACgroupNamespace_IsNotTakenForTheWhole()
    {
        var mounts = UnifiedMounts.Replace(" / /sys/fs/cgroup ", " /../../pod2 /host/sys/fs/cgroup ");

        var layout = CgroupLayout.Parse(mounts, "/host/sys/fs/cgroup", AllUnified);

        layout.DirectoryOf(CgroupController.Cpu, "/system.slice").ShouldBeNull();
        layout.Status.Level.ShouldBe(StatusLevel.Degraded);
    }

    [Fact]
    public void FromRoot_HostsOwnNamespace_IsAsShown() =>
        CgroupLayout.Parse(UnifiedMounts, CgroupLayout.DefaultRoot, AllUnified with { OwnCgroups = "0::/a\n" }).FromRoot("/a/b", legacy: false).ShouldBe("/a/b");

    [Fact]
    public void Parse_CgroupNamespace_IsDegraded() =>
        CgroupLayout.Parse(UnifiedMounts, CgroupLayout.DefaultRoot, AllUnified with { IsNamespaced = true }).Status.Level.ShouldBe(StatusLevel.Degraded);

    [Theory]
    [InlineData("")]
    [InlineData("garbage\n\n - \n1 2 3 - cgroup2\n - cgroup2 x y")]
    [InlineData("22 1 254:0 / / rw,relatime - ext4 /dev/root rw")]
    public void Parse_NoCgroupMount_Fails(string mounts)
    {
        var layout = CgroupLayout.Parse(mounts, CgroupLayout.DefaultRoot, default(CgroupLayout.Probe) with { UnifiedControllers = [] });

        layout.Mode.ShouldBe(CgroupMode.None);
        layout.Status.Level.ShouldBe(StatusLevel.Failed);
        layout.Status.Remedy.ShouldNotBeNull();
    }

    [Fact]
    public void Parse_EscapedMountPoint_IsUnescaped()
    {
        var layout = CgroupLayout.Parse("31 23 0:27 / /mnt/my\\040cgroups rw - cgroup2 cgroup2 rw", "/mnt", AllUnified);

        layout.DirectoryOf(CgroupController.Cpu, "/a").ShouldBe("/mnt/my cgroups/a");
    }

    [Fact]
    public void Detect_DirectoriesThatAreNoMounts_AreTakenForWhatTheyLookLike()
    {
        using var unified = new TempTree().Unified();
        using var legacy = new TempTree().Legacy();
        using var hybrid = new TempTree().Hybrid();
        using var nothing = new TempTree();

        CgroupLayout.Detect(unified.Root).Mode.ShouldBe(CgroupMode.Unified);
        CgroupLayout.Detect(legacy.Root).Mode.ShouldBe(CgroupMode.Legacy);
        CgroupLayout.Detect(legacy.Root + "/").DirectoryOf(CgroupController.CpuAccounting, "/x").ShouldBe($"{legacy.Root}/cpu,cpuacct/x");
        CgroupLayout.Detect(hybrid.Root).Mode.ShouldBe(CgroupMode.Hybrid);
        CgroupLayout.Detect(nothing.Root).Mode.ShouldBe(CgroupMode.None);
        CgroupLayout.Detect("/nonexistent").Mode.ShouldBe(CgroupMode.None);
    }

    [Fact]
    public void Detect_HybridThatKeepsItsCgroupsInV1_DoesNotUseTheDefaultHierarchy()
    {
        using var tree = new TempTree().Hybrid().With("cpu,cpuacct/docker/x/cpu.stat", "");

        CgroupLayout.Detect(tree.Root).DefaultHierarchyInUse.ShouldBeFalse();
        tree.With("unified/docker/cgroup.procs", "");
        CgroupLayout.Detect(tree.Root).DefaultHierarchyInUse.ShouldBeTrue();
    }

    [Fact]
    public void Detect_ThisHost_AgreesWithItsMounts()
    {
        Assert.SkipUnless(File.ReadAllText("/proc/self/mountinfo").Contains(" - cgroup", StringComparison.Ordinal), "no cgroup hierarchy is mounted here");

        var layout = CgroupLayout.Detect();

        var hasUnified = File.ReadAllLines("/proc/self/mountinfo").Any(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal));
        layout.Mode.ShouldBeOneOf(hasUnified ? [CgroupMode.Unified, CgroupMode.Hybrid] : [CgroupMode.Legacy]);
        Directory.Exists(layout.DirectoryOf(CgroupController.Cpu, "/")).ShouldBeTrue();
    }
}
