using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests;

public sealed class BpfStatsTests
{
    [KernelFact]
    public void Enable_ProgramRuns_CountsAgreeWithBpfTool()
    {
        using var obj = ProbeObject.Load();
        var program = obj.Program("on_syscall");
        program.Attach();
        using var stats = BpfStats.Enable();

        ProbeObject.Trigger(10_000);
        var before = program.RunStats;
        var seen = Tool.BpfTool("prog", "show", "id", $"{program.Info.Id}");
        var after = program.RunStats;

        before.RunCount.ShouldBeGreaterThanOrEqualTo(10_000ul);
        // It runs at every system call of the machine, so bpftool's number lies between two of ours.
        seen.GetProperty("run_cnt").GetUInt64().ShouldBeInRange(before.RunCount, after.RunCount);
        seen.GetProperty("run_time_ns").GetUInt64().ShouldBeInRange(before.RunTimeNs, after.RunTimeNs);
        (before.RunTimeNs / before.RunCount).ShouldBeInRange(1ul, 10_000ul);
    }

    [KernelFact]
    public void Dispose_Enabled_ClosesTheDescriptor()
    {
        var stats = BpfStats.Enable();
        OpenDescriptors().ShouldBe(1);

        stats.Dispose();
        stats.Dispose();

        OpenDescriptors().ShouldBe(0);
    }

    private static int OpenDescriptors() =>
        new DirectoryInfo("/proc/self/fd").GetFiles().Count(file => file.LinkTarget?.Contains("bpf-stats", StringComparison.Ordinal) == true);
}
