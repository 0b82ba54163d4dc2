using System.Globalization;
using Observe.Bpf.Host;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Host;

public sealed class CapabilitiesTests
{
    [Fact]
    public void Effective_ThisProcess_IsWhatCapshDecodes()
    {
        var names = Tool.Must("capsh", $"--decode={Capabilities.Effective.Bits.ToString("x16", CultureInfo.InvariantCulture)}");
        var own = Tool.Must("getpcaps", $"{Environment.ProcessId}");

        foreach (var (capability, name) in new[]
        {
            (Capability.Bpf, "cap_bpf"), (Capability.PerfMon, "cap_perfmon"), (Capability.SysAdmin, "cap_sys_admin"),
            (Capability.SysPtrace, "cap_sys_ptrace"), (Capability.DacReadSearch, "cap_dac_read_search"),
            (Capability.SysResource, "cap_sys_resource"), (Capability.NetAdmin, "cap_net_admin"),
        })
        {
            new CapabilitySet(1UL << (int)capability).Has(capability).ShouldBeTrue();
            Tool.Must("capsh", $"--decode={1UL << (int)capability:x16}").ShouldEndWith($"={name}\n");
            Capabilities.Effective.Has(capability).ShouldBe(names.Contains(name, StringComparison.Ordinal), own);
        }
    }

    [Fact]
    public void Parse_NoSuchLine_IsEmpty() => Capabilities.Parse(["Name:\tx", "CapEff:\tzz"], "CapEff:").Bits.ShouldBe(0ul);
}
