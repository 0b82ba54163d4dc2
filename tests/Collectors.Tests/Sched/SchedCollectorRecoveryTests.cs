using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Collectors.Tests.Sched;

/// <summary>A ledger that could not be attached is tried again, and runs once what was missing is there.</summary>
public sealed class SchedCollectorRecoveryTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("observe-ledger-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Start_ObjectAppearsLater_AttachesAtTheNextTry()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the ledger is loaded");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)");
        var path = Path.Combine(directory, "ledger.bpf.o");
        var time = new ManualTime();
        using var collector = new SchedCollector(
            new SchedOptions(), path, CgroupLayout.Detect().Mode, new WorkloadRegistry(), new ExemplarStore(new LossCounters()), new Resource([], []), time, NullLogger<SchedCollector>.Instance);

        collector.Start().ShouldBeFalse();
        var row = collector.Status.ShouldHaveSingleItem();
        row.ShouldBe(new ComponentStatus("ledger", StatusLevel.Failed, $"cannot open BPF object {path}: there is no such file", "reinstall Observe: its BPF objects are shipped beside the program"));
        File.Copy(BuiltObject.Path("ledger"), path);
        time.Advance(TimeSpan.FromSeconds(29));
        collector.Start().ShouldBeFalse("a host that lacks something is not asked at every scrape");
        time.Advance(TimeSpan.FromSeconds(1));

        collector.Start().ShouldBeTrue();
        collector.Status.ShouldAllBe(each => each.Level != StatusLevel.Failed);
    }
}
