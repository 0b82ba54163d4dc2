using System.Text;
using Observe.Collectors.Kvm;

namespace Observe.Collectors.Tests.Kvm;

public sealed class CpuTicksTests
{
    private const string Rest = " 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9"; // fields 23 to 42

    [Theory]
    [InlineData("1 (qemu) S 0 1 1 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 1 0 12345" + Rest + " 200 0 9", 2.5, 0.5, 123.45, 2.0)]
    [InlineData("1 (a) R (b)) S 0 1 1 0 -1 4194560 1 2 3 4 1 0 7 8 20 0 1 0 7" + Rest + " 1 0", 0.01, 0, 0.07, 0.01)]
    [InlineData("1 (old) S 0 1 1 0 -1 4194560 1 2 3 4 1 2 7 8 20 0 1 0 7 9 9", 0.01, 0.02, 0.07, 0)]
    public void Parse_StatLine_IsInSeconds(string line, double user, double system, double sinceBoot, double guest) =>
        CpuTicks.Parse(Encoding.ASCII.GetBytes(line)).ShouldBe(new CpuTicks(user, system, sinceBoot, guest));

    [Theory]
    [InlineData("")]
    [InlineData("1 (qemu) S 0 1")]
    [InlineData("1 (qemu) S 0 1 1 0 -1 4194560 1 2 3 4 x 50 7")]
    public void Parse_Garbage_IsNothing(string line) => CpuTicks.Parse(Encoding.ASCII.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void Refresh_OfThisProcess_IsItsCpuTime()
    {
        var cpu = new VmmCpu($"/proc/{Environment.ProcessId}");
        var before = Environment.CpuUsage.TotalTime.TotalSeconds;
        cpu.Refresh();
        // One tick of 10 ms, for each of user and system time.
        cpu.Seconds.ShouldBeInRange(before - 0.02, Environment.CpuUsage.TotalTime.TotalSeconds + 0.02);
    }

    [Fact]
    public void Refresh_OfNoProcess_IsZero()
    {
        var cpu = new VmmCpu($"/proc/{int.MaxValue}");
        cpu.Refresh();
        cpu.Seconds.ShouldBe(0);
    }
}
