using Observe.Collectors.Kvm;

namespace Observe.Collectors.Tests.Kvm;

/// <summary>Command lines as the programs are really started.</summary>
public sealed class VmProcessTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Uuid = "c0ffee00-1234-5678-9abc-def012345678";

    [Theory]
    // libvirt
    [InlineData("qemu-system-x86", $"/usr/bin/qemu-system-x86_64 -name guest=web-01,debug-threads=on -S -object {{\"qom-type\":\"secret\"}} -machine pc-q35-7.2,usb=off -accel kvm -uuid {Uuid} -no-user-config", "web-01", Uuid)]
    [InlineData("qemu-kvm", $"/usr/libexec/qemu-kvm -name guest=instance-0000002a,debug-threads=on -uuid {Uuid} -smbios type=1,manufacturer=RDO,product=Nova,serial={Uuid},uuid={Uuid},family=x", "instance-0000002a", Uuid)]
    // libvirt doubles the commas of a name
    [InlineData("qemu-system-x86", "qemu-system-x86_64 -name guest=a,,b=1,,,debug-threads=on", "a,b=1,", null)]
    // Proxmox VE
    [InlineData("kvm", $"/usr/bin/kvm -id 100 -name vm100,debug-threads=on -no-shutdown -chardev socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off -smbios type=1,uuid={Uuid} -smp 4,sockets=1", "vm100", Uuid)]
    [InlineData("kvm", "/usr/bin/kvm -id 101 -name old,process=x -uuid C0FFEE00-1234-5678-9ABC-DEF012345678", "old", Uuid)]
    // Kata, runtime in Go
    [InlineData("qemu-system-x86", $"/opt/kata/bin/qemu-system-x86_64 -name sandbox-{Id},debug-threads=on -uuid {Uuid} -machine q35,accel=kvm", Id, Uuid)]
    [InlineData("qemu-system-x86", "qemu-system-x86_64 -name sandbox-for-tests", "sandbox-for-tests", null)]
    // by hand
    [InlineData("qemu-system-aar", "qemu-system-aarch64 -m 1G", "qemu-system-aar-42", null)]
    [InlineData("qemu-system-x86", "qemu-system-x86_64 --name mine -name ours", "ours", null)]
    [InlineData("mine", "qemu-system-x86_64 -name debug-threads=on,process=mine", "mine-42", null)]
    [InlineData("qemu-system-x86", "qemu-system-x86_64 -name", "qemu-system-x86-42", null)]
    [InlineData("qemu-system-x86", "qemu-system-x86_64 -name x -uuid nonsense", "x", null)]
    [InlineData("qemu-system-x86", $"qemu-system-x86_64 -name x -smbios type=1,uuid={Uuid} -smbios type=2,uuid=00000000-0000-0000-0000-000000000000 -smbios type=1,serial=7", "x", Uuid)]
    public void Parse_Qemu_GivesNameAndUuid(string comm, string line, string name, string? uuid) =>
        Parse(comm, line).ShouldBe(new VmProcess(42, name, uuid, "qemu"));

    [Theory]
    [InlineData("cloud-hyperviso", $"/opt/kata/bin/cloud-hypervisor --api-socket /run/vc/vm/{Id}/clh-api.sock", Id, null, "cloud-hypervisor")]
    [InlineData("cloud-hyperviso", $"cloud-hypervisor --api-socket path=/run/vc/vm/{Id}/clh-api.sock,x=y --platform uuid={Uuid}", Id, Uuid, "cloud-hypervisor")]
    [InlineData("cloud-hyperviso", "/usr/bin/cloud-hypervisor --api-socket=/run/libvirt/ch/web-01-socket", "web-01", null, "cloud-hypervisor")]
    [InlineData("cloud-hyperviso", "cloud-hypervisor --api-socket /tmp/web.sock", "web", null, "cloud-hypervisor")]
    [InlineData("cloud-hyperviso", "cloud-hypervisor --api-socket fd=3 --kernel vmlinux", "cloud-hyperviso-42", null, "cloud-hypervisor")]
    [InlineData("firecracker", "/firecracker --id 551e7604-e35c-42b3-b825-416853441234 --start-time-us 81 --start-time-cpu-us 7 --parent-cpu-time-us 3 --api-sock /run/fc.sock", "551e7604-e35c-42b3-b825-416853441234", null, "firecracker")]
    [InlineData("firecracker-v1.", "firecracker-v1.7.0 --id=vm-7 --no-api -- --id other", "vm-7", null, "firecracker")]
    [InlineData("jailer", "jailer --id vm-7 --node 0 --exec-file /usr/bin/firecracker --uid 123 --gid 100 -- --id other", "vm-7", null, "firecracker")]
    [InlineData("firecracker", "firecracker --api-sock /tmp/fc.sock", "firecracker-42", null, "firecracker")]
    [InlineData("crosvm", "/usr/bin/crosvm run --cpus 4 --name arcvm -s /run/vm/vm.aBcDeF/crosvm.sock kernel", "arcvm", null, "crosvm")]
    [InlineData("crosvm", "/usr/bin/crosvm run -s /run/vm/vm.aBcDeF/crosvm.sock kernel", "vm.aBcDeF", null, "crosvm")]
    [InlineData("lkvm", "lkvm run --name guest-1 -c 2 -m 512", "guest-1", null, "kvmtool")]
    [InlineData("containerd-shim", $"/opt/kata/bin/containerd-shim-kata-v2 -namespace k8s.io -address /run/containerd/containerd.sock -publish-binary /usr/bin/containerd -id {Id}", Id, null, "dragonball")]
    [InlineData("exe", $"runsc-sandbox --root=/run/runsc --platform=kvm boot --bundle=/run/b --controller-fd=4 {Id}", Id, null, "gvisor")]
    [InlineData("exe", "runsc-sandbox", "exe-42", null, "gvisor")]
    // not known
    [InlineData("containerd-shim", $"/usr/bin/containerd-shim-runc-v2 -namespace moby -id {Id}", "containerd-shim-42", null, "containerd-shim")]
    [InlineData("VBoxHeadless", "/usr/lib/virtualbox/VBoxHeadless --comment x", "VBoxHeadless-42", null, "VBoxHeadless")]
    [InlineData("qemu-x86_64", "qemu-x86_64 -name x", "qemu-x86_64-42", null, "qemu-x86_64")]
    public void Parse_OtherVmm_GivesNameAndVmm(string comm, string line, string name, string? uuid, string vmm) =>
        Parse(comm, line).ShouldBe(new VmProcess(42, name, uuid, vmm));

    [Fact]
    public void Parse_NothingAtAll_StillHasAName()
    {
        VmProcess.Parse(42, "", []).ShouldBe(new VmProcess(42, "unknown-42", null, "unknown"));
        VmProcess.Parse(42, "qemu-system-x86", []).ShouldBe(new VmProcess(42, "qemu-system-x86-42", null, "qemu"));
        VmProcess.Parse(42, "a\nb", [""]).ShouldBe(new VmProcess(42, "a_b-42", null, "a_b"));
    }

    [Fact]
    public void Parse_NameOfControlCharactersAndBeyondTheBound_IsCleanedAndCut()
    {
        VmProcess.Parse(1, "kvm", ["kvm", "-name", "a\n\u001b[31mb\u0085"]).Name.ShouldBe("a__[31mb_");
        VmProcess.Parse(1, "kvm", ["kvm", "-name", new string('x', 10_000)]).Name.ShouldBe(new string('x', 255));
        // Half of a surrogate pair could not be encoded.
        VmProcess.Parse(1, "kvm", ["kvm", "-name", new string('x', 254) + "\U0001F433"]).Name.ShouldBe(new string('x', 254));
    }

    [Fact]
    public void Parse_AnyArguments_NeverThrowsAndKeepsTheBounds()
    {
        string[] pieces = ["-name", "--name=", "-", "--", "=", ",", ",,", "guest=", "uuid=", "type=1", "-smbios", "-uuid", "--id", "-id=", "--api-socket", "path=", "/", "//", "a", "\0", "\n", "\ud83d", "-s", "--platform", Uuid];
        string[] programs = ["kvm", "cloud-hypervisor", "firecracker", "crosvm", "lkvm", "containerd-shim-kata-v2", "runsc-sandbox", "x"];
        var random = new Random(20240229);
        for (var i = 0; i < 50_000; i++)
        {
            var arguments = Enumerable.Range(0, random.Next(8)).Select(_ => string.Concat(random.GetItems(pieces, random.Next(4)))).Prepend(programs[random.Next(programs.Length)]).ToList();

            var vm = VmProcess.Parse(i, arguments[0], arguments);

            vm.Name.Length.ShouldBeInRange(1, 255);
            vm.Name.Any(char.IsControl).ShouldBeFalse();
            (vm.Uuid is null or Uuid).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("CPU 3/KVM", 3)]
    [InlineData("CPU 127/KVM", 127)]
    [InlineData("vcpu3", 3)]
    [InlineData("fc_vcpu 3", 3)]
    [InlineData("crosvm_vcpu3", 3)]
    [InlineData("kvm-vcpu-3", 3)]
    [InlineData("CPU 3/TCG", null)]
    [InlineData("CPU /KVM", null)]
    [InlineData("CPU -1/KVM", null)]
    [InlineData("CPU  1/KVM", null)]
    [InlineData("vcpu", null)]
    [InlineData("vcpu99999999999", null)]
    [InlineData("vcpu3x", null)]
    [InlineData("qemu-system-x86", null)]
    [InlineData("", null)]
    public void VcpuIndex_ThreadName_GivesTheNumber(string comm, int? index) => VmProcess.VcpuIndex(comm).ShouldBe(index);

    private static VmProcess Parse(string comm, string line) => VmProcess.Parse(42, comm, line.Split(' '));
}
