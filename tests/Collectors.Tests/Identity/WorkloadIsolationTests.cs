using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Identity;

public sealed class WorkloadIsolationTests
{
    private const string A = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Pod = "/kubepods/burstable/pod6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8";

    [Theory]
    [InlineData("/", "none")]
    [InlineData("/system.slice/nginx.service", "none")]
    [InlineData("/user.slice/user-1000.slice/session-1.scope", "none")]
    [InlineData("/garbage", "none")]
    [InlineData($"/system.slice/docker-{A}.scope", "container")]
    [InlineData($"/default/{A}", "container")]
    [InlineData($"/machine.slice/libpod-{A}.scope/container", "container")]
    [InlineData($"{Pod}/crio-{A}", "container")]
    [InlineData(Pod, "container")]
    [InlineData("/lxc.payload.web/system.slice/nginx.service", "container")]
    [InlineData("/machine.slice/systemd-nspawn@web.service/payload", "container")]
    [InlineData("/machine.slice/machine-lxc\\x2d3\\x2dweb.scope", "container")]
    [InlineData("/machine.slice/machine-qemu\\x2d3\\x2dweb.scope/libvirt/vcpu0", "vm")]
    [InlineData("/qemu.slice/104.scope", "vm")]
    [InlineData("/firecracker/vm-7", "vm")]
    [InlineData($"/docker/{A}/machine/qemu-3-web.libvirt-qemu", "vm")]
    [InlineData($"{Pod}/kata_{A}", "container-in-vm")]
    [InlineData($"/kata_overhead/{A}", "container-in-vm")]
    [InlineData($"/kata_overhead{Pod}/{A}", "container-in-vm")]
    public void Born_Path_TellsTheIsolation(string path, string isolation)
    {
        var workload = new WorkloadRegistry().Born(1UL, path, 1);

        workload.Isolation!.Value.ToLabel().ShouldBe(isolation);
        workload.Resource.Attributes.ToDictionary()["workload.isolation"].ShouldBe(isolation);
        workload.InfoLabels.Single(label => label.Name == "workload_isolation").Value.ShouldBe(isolation);
        workload.Resource.Labels.ShouldNotContain(label => label.Name == "workload_isolation");
    }

    [Fact]
    public void SpecialWorkloads_WhoseIsolationIsNotOneThing_HaveNone()
    {
        WorkloadRegistry.Kernel.Isolation.ShouldBe(WorkloadIsolation.None);
        foreach (var mixed in new[] { WorkloadRegistry.Other, WorkloadRegistry.Unattributed })
        {
            mixed.Isolation.ShouldBeNull();
            mixed.Resource.Attributes.ShouldNotContain(attribute => attribute.Key == "workload.isolation");
        }
    }

    [Theory]
    [InlineData("exe", "runsc-sandbox", WorkloadIsolation.Sandbox)]
    [InlineData("exe", "runsc-gofer", WorkloadIsolation.Sandbox)]
    [InlineData("runsc-sandbox", "", WorkloadIsolation.Sandbox)]
    [InlineData("runsc", "/usr/local/bin/runsc", WorkloadIsolation.Sandbox)]
    [InlineData("qemu-system-x86", "/opt/kata/bin/qemu-system-x86_64", WorkloadIsolation.ContainerInVm)]
    [InlineData("firecracker", "", WorkloadIsolation.ContainerInVm)]
    [InlineData("containerd-shim", "/opt/kata/bin/containerd-shim-kata-v2", WorkloadIsolation.ContainerInVm)]
    [InlineData("containerd-shim", "/usr/bin/containerd-shim-runc-v2", WorkloadIsolation.Container)]
    [InlineData("runc:[2:INIT]", "/usr/bin/runc", WorkloadIsolation.Container)]
    [InlineData("exe", "/proc/self/exe", WorkloadIsolation.Container)]
    [InlineData("", "", WorkloadIsolation.Container)]
    public void Refine_FirstProcessOfAContainer_TellsWhatThePathDoesNot(string comm, string argument0, WorkloadIsolation expected)
    {
        WorkloadIsolation.Container.Refine(comm, argument0).ShouldBe(expected);
        foreach (var certain in new[] { WorkloadIsolation.None, WorkloadIsolation.Vm, WorkloadIsolation.ContainerInVm })
            certain.Refine(comm, argument0).ShouldBe(certain);
    }
}
