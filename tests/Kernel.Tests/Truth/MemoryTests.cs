using System.Diagnostics;
using System.Globalization;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>What the tables are computed to take, against the kernel's accounting of those that are loaded.</summary>
[Trait("kernels", "newest")]
public sealed class MemoryTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    /// <summary>Unattributed, idle and kernel.</summary>
    private const int FixedSlots = 3;

    [Fact]
    public async Task MapBytes_ComputedForThisHost_CoverTheKernels()
    {
        var scrape = await Agent.ScrapeAsync();
        var cpus = (int)scrape.Value("observe_bpf_map_max_entries", ("map", "cpus"));
        var cgroups = (int)scrape.Value("observe_bpf_map_max_entries", ("map", "slots")) - FixedSlots;
        var computed = await ComputedMiBAsync(cpus, cgroups) * 1048576;
        var ofKvm = scrape.All("observe_bpf_map_bytes").Where(sample => sample.Labels["map"] is "vcpus" or "reasons" or "free_vcpus" or "free_reasons").Sum(sample => sample.Value);
        var kernels = scrape.Sum("observe_bpf_map_bytes") - ofKvm;

        Note($"{cpus} CPUs, {cgroups} cgroups: computed {computed / 1048576.0:0.00} MiB, the kernel's {kernels / 1048576:0.00} MiB");
        // Never more than computed. Less by what this kernel or host does not need: the hooks' clocks, records of a small pid space.
        kernels.ShouldBeLessThanOrEqualTo(computed);
        kernels.ShouldBeGreaterThan(computed * 0.5);
        // Where KVM is: what docs/virtual-machines.md says for 256 vCPUs.
        ofKvm.ShouldBeLessThanOrEqualTo(256 * 19 * 1024);
    }

    private static async Task<double> ComputedMiBAsync(int cpus, int cgroups)
    {
        using var check = Process.Start(new ProcessStartInfo(Bed.Artifact("observe/observe"), ["check", "--map-size", $"{cpus}:{cgroups}"])
        {
            RedirectStandardOutput = true,
            Environment = { ["OBSERVE_VM"] = null, ["OBSERVE_CACHE"] = null, ["OBSERVE_GOLDEN"] = null, ["OBSERVE_ROOT"] = null, ["OBSERVE_LONG"] = null, ["OBSERVE_HOTPLUG"] = null },
        })!;
        var said = await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();
        return double.Parse(said.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
