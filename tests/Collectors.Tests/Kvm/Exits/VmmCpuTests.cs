using System.Text;
using Observe.Collectors.Kvm.Exits;

namespace Observe.Collectors.Tests.Kvm.Exits;

public sealed class VmmCpuTests
{
    [Theory]
    [InlineData("1 (qemu) S 0 1 1 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 1", 3.0)]
    [InlineData("1 (a) R (b)) S 0 1 1 0 -1 4194560 1 2 3 4 1 0 7 8 20 0 1", 0.01)]
    public void Parse_StatLine_AddsUserAndSystemTime(string line, double seconds) => VmmCpu.Parse(Encoding.ASCII.GetBytes(line)).ShouldBe(seconds);

    [Theory]
    [InlineData("")]
    [InlineData("1 (qemu) S 0 1")]
    [InlineData("1 (qemu) S 0 1 1 0 -1 4194560 1 2 3 4 x 50 7")]
    public void Parse_Garbage_IsNothing(string line) => VmmCpu.Parse(Encoding.ASCII.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void Refresh_OfThisProcess_IsItsCpuTime()
    {
        var cpu = new VmmCpu("/proc", Environment.ProcessId);
        var before = Environment.CpuUsage.TotalTime.TotalSeconds;
        cpu.Refresh();
        // One tick of 10 ms, for each of user and system time.
        cpu.Seconds.ShouldBeInRange(before - 0.02, Environment.CpuUsage.TotalTime.TotalSeconds + 0.02);
    }

    [Fact]
    public void Refresh_OfNoProcess_IsZero()
    {
        var cpu = new VmmCpu("/proc", int.MaxValue);
        cpu.Refresh();
        cpu.Seconds.ShouldBe(0);
    }
}
