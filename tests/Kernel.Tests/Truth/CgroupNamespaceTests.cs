using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>
/// In a cgroup namespace of its own, as every unprivileged container is on cgroup v2, the agent sees the whole host all the same, as long as
/// the host's cgroups are mounted.
/// </summary>
[Trait("kernels", "any")]
public sealed class CgroupNamespaceTests
{
    // As a runtime starts a container: into its cgroup first, then into a namespace that begins there. Every step becomes the next.
    private const string InNamespace = "n=$1; shift; while [ $n -gt 0 ]; do echo $$ >\"$1\" || exit 1; shift; n=$((n - 1)); done; exec unshare --cgroup \"$@\"";

    [Fact]
    public async Task Agent_InANamespaceOfItsOwn_SeesTheHostsCgroups()
    {
        AgentUnderTest.SkipUnlessUsable();
        await using var pod = TestCgroup.Create("pod");
        await using var other = TestCgroup.Create("other");
        other.SetQuota(5_000);
        string[] files = [.. pod.Child("agent").ProcsFiles];
        await using var agent = new AgentUnderTest { Under = ["/bin/sh", "-c", InNamespace, "sh", $"{files.Length}", .. files] };
        await agent.InitializeAsync();
        await using var load = await Load.StartAsync(other, "spin", Bed.Text(Bed.Seconds(30, 120)));

        // Otherwise this shows nothing.
        new FileInfo($"/proc/{agent.Pid}/ns/cgroup").LinkTarget.ShouldNotBe(new FileInfo("/proc/self/ns/cgroup").LinkTarget);

        var layout = (await agent.ReadinessAsync())["components"]!.AsArray().Single(each => (string)each!["component"]! == "cgroup layout")!;
        // Files are read of cgroups that have tasks, from the collection on that follows the one that found them.
        await agent.ScrapeAsync();
        var scrape = await agent.ScrapeAsync();
        var id = scrape.All("observe_workload_info", ("observe_cgroup_path", other.Path)).ShouldHaveSingleItem().Labels["workload_id"];

        ((string)layout["level"]!).ShouldBe("ok", layout.ToJsonString());
        scrape.Value("observe_cpu_quota_cores", ("workload_id", id)).ShouldBe(0.05);
        scrape.Value("observe_cfs_throttled_periods_total", ("workload_id", id)).ShouldBeGreaterThan(0);
        scrape.Workload(other.Path).Running.ShouldBeGreaterThan(0);
    }
}
