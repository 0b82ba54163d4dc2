using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class PerCpuArrayTests
{
    [KernelFact]
    public void Read_ProgramCounts_SumsToTheCalls()
    {
        using var obj = ProbeObject.Load();
        var counts = new PerCpuArray<uint>(obj.Map("per_cpu"));
        obj.Program("on_syscall").Attach();

        ProbeObject.Trigger(1234);

        var values = new uint[counts.Cpus];
        counts.Read(0, values);
        values.Sum(value => value).ShouldBe(1234);
        counts.Read(1, values);
        values.ShouldAllBe(value => value == 0);
        Should.Throw<ArgumentOutOfRangeException>(() => counts.Read(2, values));
        Should.Throw<ArgumentOutOfRangeException>(() => counts.Read(0, new uint[counts.Cpus - 1]));
    }
}
