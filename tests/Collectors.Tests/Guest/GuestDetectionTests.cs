using System.Text;
using Observe.Collectors.Guest;
using Observe.Collectors.Tests.Cgroup;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Collectors.Tests.Guest;

/// <summary>Processors and trees as the hypervisors show them; and this machine, against what the kernel says of it.</summary>
public sealed class GuestDetectionTests : IDisposable
{
    private const string Quiet = "cpu  1 2 3 4 5 6 7 0 0 0\ncpu0 1 2 3 4 5 6 7 0 0 0\n";

    private readonly TempTree tree = new TempTree().With("proc/stat", Quiet).With("proc/cmdline", "quiet\n");

    public void Dispose() => tree.Dispose();

    [Theory]
    [InlineData("KVMKVMKVM", "kvm")]
    [InlineData("VMwareVMware", "vmware")]
    [InlineData("Microsoft Hv", "hyperv")]
    [InlineData("XenVMMXenVMM", "xen")]
    [InlineData("TCGTCGTCGTCG", "qemu")]
    [InlineData("bhyve bhyve ", "bhyve")]
    [InlineData("QNXQVMBSQG", "qnx")]
    [InlineData(" lrpepyh  vr", "parallels")]
    [InlineData("VBoxVBoxVBox", "virtualbox")]
    [InlineData("ACRNACRNACRN", "acrn")]
    [InlineData("NobodyKnows!", "other")]
    public void Look_Signature_IsNamed(string signature, string name)
    {
        var facts = Look(Processor((0x40000000, signature)));
        facts.Hypervisor.ShouldBe(name);
        facts.Source.ShouldBe($"CPUID 40000000 '{signature}'");
    }

    [Theory]
    [InlineData("KVMKVMKVM", "kvm")]
    [InlineData("XenVMMXenVMM", "xen")]
    [InlineData("", "hyperv")]
    public void Look_HyperVShownToTheGuest_IsWhatStandsBehindIt(string second, string name) =>
        Look(Processor((0x40000000, "Microsoft Hv"), (0x40000100, second))).Hypervisor.ShouldBe(name);

    [Fact]
    public void Look_NoHypervisorBit_IsNoneAndNothingCanBeStolen()
    {
        // Leaves beyond the last one are answered with something else's bits on hardware: they must not be read.
        var facts = Look(leaf => leaf == 1 ? default : Leaf("KVMKVMKVM"));
        facts.Hypervisor.ShouldBe("none");
        facts.StealLabel.ShouldBe("none");
        facts.IsGuest.ShouldBeFalse();
    }

    [Fact]
    public void Look_XenWithoutCpuidBit_IsXen()
    {
        tree.With("sys/hypervisor/type", "xen\n");
        Look(_ => default).Hypervisor.ShouldBe("xen");
    }

    [Theory]
    [InlineData("QEMU", "QEMU Virtual Machine", "qemu")]
    [InlineData("Red Hat", "KVM", "kvm")]
    [InlineData("Amazon EC2", "m7g.large", "kvm")]
    [InlineData("Amazon EC2", "m7g.metal", "none")]
    [InlineData("Microsoft Corporation", "Virtual Machine", "hyperv")]
    [InlineData("Microsoft Corporation", "Surface Pro 11", "none")]
    [InlineData("VMware, Inc.", "VMware20,1", "vmware")]
    [InlineData("Apple Inc.", "Apple Virtualization Generic Platform", "apple")]
    [InlineData("Ampere(R)", "Mt. Jade", "none")]
    [InlineData("", "", "none")]
    public void Look_WithoutCpuid_MachineIsNamed(string vendor, string product, string name)
    {
        tree.With("sys/class/dmi/id/sys_vendor", vendor + "\n").With("sys/class/dmi/id/product_name", product + "\n");
        Look(null).Hypervisor.ShouldBe(name);
    }

    [Theory]
    [InlineData("KVMKVMKVM", 1u << 5, true, Quiet, "quiet", "known")]
    [InlineData("KVMKVMKVM", 0u, true, Quiet, "quiet", "unknown")]
    [InlineData("KVMKVMKVM", 1u << 5, false, Quiet, "quiet", "unknown")]
    [InlineData("KVMKVMKVM", 1u << 5, true, Quiet, "quiet no-steal-acc", "unknown")]
    [InlineData("VMwareVMware", 1u << 5, true, Quiet, "quiet", "unknown")]
    [InlineData("VMwareVMware", 0u, true, "cpu  1 2 3 4 5 6 7 8 0 0\n", "quiet", "known")]
    [InlineData("VMwareVMware", 0u, false, "cpu  1 2 3 4 5 6 7 8 0 0\n", "quiet", "unknown")]
    [InlineData("Microsoft Hv", 0u, true, Quiet, "quiet", "unknown")]
    [InlineData("Microsoft Hv", 0u, true, "", "quiet", "unknown")]
    public void Look_Steal_IsTrustedOnlyWhereSomebodyTells(string signature, uint features, bool tracked, string stat, string commandLine, string expected)
    {
        tree.With("proc/stat", stat).With("proc/cmdline", commandLine + "\n");
        var facts = Look(leaf => leaf == 0x40000001 ? new CpuIdLeaf(features, 0, 0, 0) : Processor((0x40000000, signature))(leaf), tracked);
        facts.StealLabel.ShouldBe(expected);
        facts.Rows[1].Level.ShouldBe(expected == "known" ? StatusLevel.Ok : StatusLevel.Absent);
    }

    [Fact]
    public void Look_SilentVSphere_SaysWhichOption() =>
        Look(Processor((0x40000000, "VMwareVMware"))).StealRemedy!.ShouldContain("stealclock.enable=TRUE");

    [Fact]
    public void Look_ThisMachine_IsAGuestWhereTheKernelSaysSo()
    {
        Assert.SkipUnless(CpuIdLeaf.Reader is not null, "no CPUID on this processor");
        // Independent truth: the kernel's own reading of the same processor.
        var flags = File.ReadLines("/proc/cpuinfo").First(each => each.StartsWith("flags", StringComparison.Ordinal)).Split(' ');
        new GuestDetection("/proc", "/sys", CpuIdLeaf.Reader, true).Look().IsGuest.ShouldBe(flags.Contains("hypervisor") || File.Exists("/sys/hypervisor/type"));
    }

    [Fact]
    public async Task CollectAsync_StealToldLater_LabelFollowsWithinAMinute()
    {
        var time = new ManualTime();
        var collector = new HostInfoCollector(
            new GuestDetection($"{tree.Root}/proc", $"{tree.Root}/sys", Processor((0x40000000, "VMwareVMware")), true), new Resource([], []), time);
        (await LabelsAsync(collector)).ShouldBe(["vmware", "unknown"]);

        tree.With("proc/stat", "cpu  1 2 3 4 5 6 7 8 0 0\n");
        (await LabelsAsync(collector)).ShouldBe(["vmware", "unknown"]);
        time.Advance(TimeSpan.FromMinutes(1));
        (await LabelsAsync(collector)).ShouldBe(["vmware", "known"]);
        collector.Status.ShouldAllBe(each => each.Level == StatusLevel.Ok);
    }

    [Theory]
    [InlineData("4C4C4544-0042-3510-8052-C4C04F4E5332", "4c4c4544-0042-3510-8052-c4c04f4e5332")]
    [InlineData("00000000-0000-0000-0000-000000000000", "0123456789abcdef0123456789abcdef")]
    [InlineData("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "0123456789abcdef0123456789abcdef")]
    [InlineData("03000200-0400-0500-0006-000700080009", "0123456789abcdef0123456789abcdef")]
    [InlineData("Not Settable", "0123456789abcdef0123456789abcdef")]
    [InlineData(null, "0123456789abcdef0123456789abcdef")]
    public void HostId_UuidOfFirmware_ComesBeforeMachineId(string? uuid, string expected)
    {
        tree.With("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        if (uuid is not null)
            tree.With("sys/class/dmi/id/product_uuid", uuid + "\n");
        HostId.Read($"{tree.Root}/sys", $"{tree.Root}/etc").ShouldBe(expected);
    }

    [Fact]
    public void HostId_FirmwareForRootOnly_IsTheCredential()
    {
        tree.With("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
            .With("credentials/product_uuid", "b2a10842-d4c3-f6e5-0718-293a4b5c6d7e\n")
            .With("credentials/product_serial", "VMware-42 08 a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e\n");
        string? Read(string? credentials) => HostId.Read($"{tree.Root}/sys", $"{tree.Root}/etc", credentials);

        Read($"{tree.Root}/credentials").ShouldBe("4208a1b2-c3d4-e5f6-0718-293a4b5c6d7e");
        Read(null).ShouldBe("0123456789abcdef0123456789abcdef");
        Read("").ShouldBe("0123456789abcdef0123456789abcdef");
        tree.With("credentials/product_uuid", ""); // as a unit sets it where the machine has none
        Read($"{tree.Root}/credentials").ShouldBe("0123456789abcdef0123456789abcdef");
        tree.With("sys/class/dmi/id/product_uuid", "4c4c4544-0042-3510-8052-c4c04f4e5332\n");
        Read($"{tree.Root}/credentials").ShouldBe("4c4c4544-0042-3510-8052-c4c04f4e5332", "the machine's own word comes first");
    }

    [Theory]
    // SMBIOS before 2.6: the bytes in their order.
    [InlineData("4208a1b2-c3d4-e5f6-0718-293a4b5c6d7e", "VMware-42 08 a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e", "4208a1b2-c3d4-e5f6-0718-293a4b5c6d7e")]
    // From 2.6: the first three fields turned round; vCenter shows them as before.
    [InlineData("b2a10842-d4c3-f6e5-0718-293a4b5c6d7e", "VMware-42 08 a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e", "4208a1b2-c3d4-e5f6-0718-293a4b5c6d7e")]
    // A serial number that is another machine's, as where a guest is shown its host's.
    [InlineData("b2a10842-d4c3-f6e5-0718-293a4b5c6d7e", "VMware-56 4d a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e", "b2a10842-d4c3-f6e5-0718-293a4b5c6d7e")]
    [InlineData("b2a10842-d4c3-f6e5-0718-293a4b5c6d7e", "CZ1234567", "b2a10842-d4c3-f6e5-0718-293a4b5c6d7e")]
    public void HostId_GuestOfVMware_IsAsVCenterHasIt(string uuid, string serial, string expected)
    {
        tree.With("sys/class/dmi/id/product_uuid", uuid + "\n").With("sys/class/dmi/id/product_serial", serial + "\n");
        HostId.Read($"{tree.Root}/sys", $"{tree.Root}/etc").ShouldBe(expected);
    }

    [Theory]
    [InlineData("uninitialized")]
    [InlineData("")]
    public void HostId_NothingThatNames_IsNull(string machine)
    {
        tree.With("etc/machine-id", machine + "\n");
        HostId.Read($"{tree.Root}/sys", $"{tree.Root}/etc").ShouldBeNull();
    }

    private static async Task<string[]> LabelsAsync(HostInfoCollector collector)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        (await collector.CollectAsync(builder, TestContext.Current.CancellationToken)).ShouldBe(CollectResult.Ok);
        using var lease = builder.Build(1);
        var point = lease.Snapshot.Families.Single(each => each.Metric == MetricCatalog.HostInfo).Points.ToArray().ShouldHaveSingleItem();
        point.Value.ShouldBe(1);
        return [.. point.Series.Labels.Select(each => each.Value)];
    }

    private GuestFacts Look(Func<uint, CpuIdLeaf>? cpuid, bool tracked = true) => new GuestDetection($"{tree.Root}/proc", $"{tree.Root}/sys", cpuid, tracked).Look();

    private static Func<uint, CpuIdLeaf> Processor(params (uint Leaf, string Signature)[] hypervisors) => leaf =>
        leaf == 1 ? new CpuIdLeaf(0, 0, 1u << 31, 0) : Array.Find(hypervisors, each => each.Leaf == leaf).Signature is { } signature ? Leaf(signature) : default;

    private static CpuIdLeaf Leaf(string signature)
    {
        var bytes = Encoding.ASCII.GetBytes(signature.PadRight(12, '\0'));
        return new CpuIdLeaf(0x40000001, BitConverter.ToUInt32(bytes, 0), BitConverter.ToUInt32(bytes, 4), BitConverter.ToUInt32(bytes, 8));
    }
}
