using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Identity;

public sealed class WorkloadRegistryTests
{
    private const string A = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string SameShortIdAsA = "0123456789ab0000000000000000000000000000000000000000000000000000";

    [Fact]
    public void Born_NewCgroup_IsFoundByItsKeyWithItsLabels()
    {
        var registry = new WorkloadRegistry();

        var workload = registry.Born(42UL, $"/docker/{A}", 123);

        registry.TryGet(42UL, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(workload);
        workload.StartTimeUnixNano.ShouldBe(123UL);
        workload.Resource.Labels.Select(label => (label.Name, label.Value)).ShouldBe(
            [("workload", "0123456789ab"), ("workload_kind", "container"), ("workload_id", "0123456789ab")]);
        workload.Resource.Attributes.ToDictionary()["container.id"].ShouldBe(A);
        workload.InfoLabels.Select(label => (label.Name, label.Value)).ShouldBe(
            [("workload_isolation", "container"), ("container_id", A), ("container_runtime_name", "docker"), ("observe_cgroup_path", $"/docker/{A}")]);
    }

    [Fact]
    public void TryGet_UnknownKey_IsUnattributed()
    {
        new WorkloadRegistry().TryGet(1UL, out var workload).ShouldBeFalse();

        workload.ShouldBeSameAs(WorkloadRegistry.Unattributed);
    }

    [Fact]
    public void Born_KeysOfTwoHierarchies_AreDifferentCgroups()
    {
        var registry = new WorkloadRegistry();

        var unified = registry.Born(CgroupKey.OfDefaultHierarchy(5), "/a", 1);
        var legacy = registry.Born(CgroupKey.OfLegacyHierarchy(5), "/b", 1);

        unified.ShouldNotBeSameAs(legacy);
        CgroupKey.OfLegacyHierarchy(5).Id.ShouldBe(5UL);
        registry.TryGet(0x8000000000000005UL, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(legacy);
    }

    [Fact]
    public void Born_ChildOfAContainer_SharesItsWorkloadUntilTheLastIsRetired()
    {
        var registry = new WorkloadRegistry();
        var container = registry.Born(1UL, $"/docker/{A}", 1);

        var child = registry.Born(2UL, $"/docker/{A}/system.slice/x.service", 2);
        child.ShouldBeSameAs(container);
        registry.Count.ShouldBe(1);
        registry.Retire(1UL);
        registry.Born(3UL, $"/docker/{A}/init", 3).ShouldBeSameAs(container);
        registry.Retire(2UL);
        registry.Retire(3UL);

        registry.Count.ShouldBe(0);
        registry.Live.ShouldBeEmpty();
        registry.Born(4UL, $"/docker/{A}", 4).ShouldNotBeSameAs(container);
    }

    [Fact]
    public void Born_SaidTwice_ChangesNothing()
    {
        var registry = new WorkloadRegistry();
        var first = registry.Born(1UL, "/a.service", 1);
        var live = registry.Live;

        registry.Born(1UL, "/a.service", 99).ShouldBeSameAs(first);

        registry.Live.ShouldBeSameAs(live);
        registry.Retire(1UL);
        registry.Count.ShouldBe(0);
    }

    [Fact]
    public void Born_ReusedKeyWithAnotherPath_ForgetsTheOldName()
    {
        var registry = new WorkloadRegistry();
        var old = registry.Born(1UL, "/old.service", 1);

        var current = registry.Born(1UL, "/new.service", 2);

        current.ShouldNotBeSameAs(old);
        current.Name.ShouldBe("new.service");
        registry.TryGet(1UL, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(current);
        registry.Count.ShouldBe(1);
        registry.Live.Single().Workload.ShouldBeSameAs(current);
    }

    [Fact]
    public void Born_SameKeyAndPathAfterRetirement_IsANewInstance()
    {
        var registry = new WorkloadRegistry();
        var old = registry.Born(1UL, "/a.service", 1);
        registry.Retire(1UL);
        registry.TryGet(1UL, out _).ShouldBeFalse();

        var reborn = registry.Born(1UL, "/a.service", 2);

        reborn.ShouldNotBeSameAs(old);
        reborn.Id.ShouldBe(old.Id);
        reborn.StartTimeUnixNano.ShouldBe(2UL);
    }

    [Theory]
    [InlineData($"/docker/{A}", $"/docker/{SameShortIdAsA}")]
    [InlineData("/a.slice/web.service", "/b.slice/web.service")]
    [InlineData("/x\u0001", "/x\u0002")]
    [InlineData("/system.slice/a\\x2db.service", "/system.slice/a-b.service")]
    [InlineData("/user.slice/user-1.slice/user@1.service/web.service", "/user.slice/user-2.slice/user@2.service/web.service")]
    public void Born_WorkloadsWithTheSameName_DifferInTheirIds(string path, string other)
    {
        var registry = new WorkloadRegistry();

        var first = registry.Born(1UL, path, 1);
        var second = registry.Born(2UL, other, 1);

        second.Name.ShouldBe(first.Name);
        second.Kind.ShouldBe(first.Kind);
        second.Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public void Born_PathThatLooksLikeASpecialWorkload_DoesNotTakeItsLabels()
    {
        var labels = new[] { "/other", "/unattributed", "/kernel", "/idle" }.Select((path, i) => new WorkloadRegistry().Born((ulong)i + 1, path, 1)).ToList();

        foreach (var special in new[] { WorkloadRegistry.Other, WorkloadRegistry.Unattributed, WorkloadRegistry.Kernel, WorkloadRegistry.Idle })
            labels.ShouldAllBe(workload => !workload.Resource.Labels.SequenceEqual(special.Resource.Labels));
    }

    [Fact]
    public void Born_BeyondTheCapacity_FoldsIntoOtherAndCountsWorkloadsOnce()
    {
        var registry = new WorkloadRegistry(capacity: 2);
        registry.Born(1UL, "/a.service", 1);
        registry.Born(2UL, "/b.service", 1);

        registry.Born(3UL, $"/docker/{A}", 1).ShouldBeSameAs(WorkloadRegistry.Other);
        registry.Born(4UL, $"/docker/{A}/init", 1).ShouldBeSameAs(WorkloadRegistry.Other);

        registry.Folded.ShouldBe(1);
        registry.Count.ShouldBe(2);
        registry.TryGet(4UL, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(WorkloadRegistry.Other);
        // Room again: a workload does not change its name in the middle of its life, a new one gets its own.
        registry.Retire(1UL);
        registry.Born(5UL, $"/docker/{A}/x", 1).ShouldBeSameAs(WorkloadRegistry.Other);
        registry.Born(6UL, "/c.service", 1).Name.ShouldBe("c.service");
        registry.Folded.ShouldBe(1);
    }

    [Fact]
    public void Born_ManyTimesMoreCgroupsThanTheCapacity_StaysBounded()
    {
        var registry = new WorkloadRegistry(capacity: 4);
        for (ulong key = 1; key <= 1000; key++)
            registry.Born(key, $"/{key}.service", 1);

        registry.Live.Count.ShouldBe(64);
        registry.Count.ShouldBe(4);
        registry.Folded.ShouldBe(996);
        for (ulong key = 1; key <= 1000; key++)
            registry.Retire(key);
        registry.Live.ShouldBeEmpty();
        registry.Born(1UL, "/1.service", 1).Name.ShouldBe("1.service");
    }

    [Fact]
    public async Task BornAndRetire_FromManyThreads_LeaveNothingBehind()
    {
        var registry = new WorkloadRegistry(capacity: 64);
        var tasks = Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                // Some keys of its own, some shared with all others, of one container.
                var key = i % 3 == 0 ? (ulong)(i % 7) : (ulong)((thread * 100) + 1000 + (i % 50));
                var path = key < 7 ? $"/docker/{A}/{key}" : $"/{key}.service";
                registry.Born(key, path, 1);
                if (registry.TryGet(key, out var workload) && !ReferenceEquals(workload, WorkloadRegistry.Other) && !path.StartsWith(workload.CgroupPath, StringComparison.Ordinal))
                    throw new InvalidOperationException($"{path} is {workload}");
                registry.Retire(key);
            }
        }, TestContext.Current.CancellationToken));

        await Task.WhenAll(tasks);

        registry.Live.ShouldBeEmpty();
        registry.Count.ShouldBe(0);
    }
}
