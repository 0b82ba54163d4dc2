using Observe.Collectors.Identity;
using static Observe.Collectors.Identity.WorkloadKind;

namespace Observe.Collectors.Tests.Identity;

/// <summary>Every runtime and driver of docs/identity.md, by paths as the runtimes make them.</summary>
public sealed class CgroupPathParserTests
{
    // A is what is looked for, B what stands around it.
    private const string A = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string B = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    private const string ShortA = "0123456789ab";
    private const string Uid = "6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8";
    private const string UidUnderscored = "6f1c2a3b_4d5e_6f70_8192_a3b4c5d6e7f8";
    private const string StaticUid = "1a2b3c4d5e6f708192a3b4c5d6e7f809";
    private const string PodSlice = $"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UidUnderscored}.slice";

    [Theory]
    // docker
    [InlineData($"/system.slice/docker-{A}.scope", "docker")]
    [InlineData($"/docker/{A}", "docker")]
    [InlineData($"/docker/{A}/init", "docker")]
    [InlineData($"/docker/{A}/system.slice/nginx.service", "docker")]
    [InlineData($"/docker/{A}/user.slice/user-0.slice/session-1.scope", "docker")]
    [InlineData($"/my.slice/docker-{A}.scope", "docker")]
    [InlineData($"/build/jobs/{A}", null)]
    [InlineData($"/system.slice:docker:{A}", "docker")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{A}.scope", "docker")]
    [InlineData($"/system.slice/docker.service/docker/{A}", "docker")]
    // containerd
    [InlineData($"/system.slice/nerdctl-{A}.scope", "containerd")]
    [InlineData($"/default/{A}", "containerd")]
    [InlineData($"/k8s.io/{A}", "containerd")]
    // podman
    [InlineData($"/machine.slice/libpod-{A}.scope", "podman")]
    [InlineData($"/machine.slice/libpod-{A}.scope/container", "podman")]
    [InlineData($"/libpod_parent/libpod-{A}", "podman")]
    [InlineData($"/system.slice/web.service/libpod-payload-{A}", "podman")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{A}.scope/container", "podman")]
    [InlineData($"/machine.slice/machine-libpod_pod_{B}.slice/libpod-{A}.scope", "podman")]
    [InlineData($"/libpod_parent/{B}/libpod-{A}", "podman")]
    // a prefix that nobody told us of
    [InlineData($"/system.slice/finch-{A}.scope", null)]
    public void Parse_ContainerPath_GivesTheContainer(string path, string? runtime)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Container);
        identity.Name.ShouldBe(ShortA);
        identity.Id.ShouldBe(ShortA);
        Attribute(identity, "container.id").ShouldBe(A);
        Attribute(identity, "container.runtime.name").ShouldBe(runtime);
        Attribute(identity, "k8s.pod.uid").ShouldBeNull();
        Attribute(identity, "observe.container.outer.id").ShouldBeNull();
        Attribute(identity, "observe.cgroup.path").ShouldBe(identity.Key);
        identity.Key.ShouldEndWith(path.Contains($"{A}.scope", StringComparison.Ordinal) ? $"{A}.scope" : A);
    }

    [Theory]
    // systemd driver
    [InlineData($"{PodSlice}/cri-containerd-{A}.scope", "containerd", Uid)]
    [InlineData($"{PodSlice}/crio-{A}.scope", "cri-o", Uid)]
    [InlineData($"{PodSlice}/crio-{A}.scope/container", "cri-o", Uid)]
    [InlineData($"{PodSlice}/docker-{A}.scope", "docker", Uid)]
    [InlineData($"/kubepods.slice/kubepods-pod{UidUnderscored}.slice/cri-containerd-{A}.scope", "containerd", Uid)]
    [InlineData($"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{UidUnderscored}.slice/crio-{A}.scope", "cri-o", Uid)]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{StaticUid}.slice/cri-containerd-{A}.scope", "containerd", StaticUid)]
    // cgroupfs driver
    [InlineData($"/kubepods/pod{Uid}/{A}", null, Uid)]
    [InlineData($"/kubepods/burstable/pod{Uid}/{A}", null, Uid)]
    [InlineData($"/kubepods/besteffort/pod{StaticUid}/{A}", null, StaticUid)]
    [InlineData($"/kubepods/burstable/pod{Uid}/crio-{A}", "cri-o", Uid)]
    // systemd paths handed to a runtime with the cgroupfs driver
    [InlineData($"/system.slice/containerd.service/kubepods-burstable-pod{UidUnderscored}.slice:cri-containerd:{A}", "containerd", Uid)]
    [InlineData($"/kubepods-besteffort-pod{UidUnderscored}.slice:crio:{A}", "cri-o", Uid)]
    // systemd inside a pod's container
    [InlineData($"{PodSlice}/cri-containerd-{A}.scope/system.slice/sshd.service", "containerd", Uid)]
    public void Parse_KubernetesContainerPath_GivesContainerAndPod(string path, string? runtime, string podUid)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Container);
        identity.Id.ShouldBe(ShortA);
        Attribute(identity, "container.id").ShouldBe(A);
        Attribute(identity, "container.runtime.name").ShouldBe(runtime);
        Attribute(identity, "k8s.pod.uid").ShouldBe(podUid);
    }

    [Theory]
    [InlineData($"/docker/{B}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod{UidUnderscored}.slice/cri-containerd-{A}.scope", "containerd", Uid)]
    [InlineData($"/system.slice/docker-{B}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{UidUnderscored}.slice/cri-containerd-{A}.scope", "containerd", Uid)]
    [InlineData($"/docker/{B}/kubelet/kubepods/burstable/pod{Uid}/{A}", null, Uid)]
    [InlineData($"/docker/{B}/docker/{A}", "docker", null)]
    [InlineData($"{PodSlice}/cri-containerd-{B}.scope/docker/{A}", "docker", Uid)]
    public void Parse_NestedContainer_GivesTheInnerOneAndNamesTheOuter(string path, string? runtime, string? podUid)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Container);
        Attribute(identity, "container.id").ShouldBe(A);
        Attribute(identity, "container.runtime.name").ShouldBe(runtime);
        Attribute(identity, "k8s.pod.uid").ShouldBe(podUid);
        Attribute(identity, "observe.container.outer.id").ShouldBe(B);
        identity.Key.ShouldBe(path);
    }

    [Theory]
    [InlineData($"/docker/{A}/kubelet.slice/kubelet.service")]
    [InlineData($"/docker/{A}/system.slice/containerd.service")]
    [InlineData($"/docker/{A}/kubelet.slice/kubelet-kubepods.slice")]
    public void Parse_KindNodesOwnUnits_BelongToTheNodesContainer(string path) =>
        CgroupPathParser.Parse(path).Key.ShouldBe($"/docker/{A}");

    [Theory]
    [InlineData(PodSlice, Uid)]
    [InlineData($"/kubepods/burstable/pod{Uid}", Uid)]
    [InlineData($"/kubepods.slice/kubepods-pod{StaticUid}.slice", StaticUid)]
    [InlineData($"{PodSlice}/crio-conmon-{A}.scope", Uid)]
    public void Parse_PodsOwnCgroup_GivesThePod(string path, string uid)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Pod);
        identity.Id.ShouldBe(uid);
        identity.Name.ShouldBe(uid);
        Attribute(identity, "k8s.pod.uid").ShouldBe(uid);
        Attribute(identity, "container.id").ShouldBeNull();
    }

    [Theory]
    [InlineData($"/machine.slice/machine-libpod_pod_{A}.slice")]
    [InlineData($"/libpod_parent/{A}")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/user.slice/user-libpod_pod_{A}.slice")]
    public void Parse_PodmanPod_GivesThePod(string path)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Pod);
        identity.Id.ShouldBe(ShortA);
        Attribute(identity, "observe.podman.pod.id").ShouldBe(A);
    }

    [Theory]
    [InlineData("/docker/buildkit/0a1b2c3d4e5f6g7h8i9j0k1lz", "/docker/buildkit/0a1b2c3d4e5f6g7h8i9j0k1lz")]
    [InlineData("/buildkit/0a1b2c3d4e5f6g7h8i9j0k1lz/init", "/buildkit/0a1b2c3d4e5f6g7h8i9j0k1lz")]
    [InlineData("/system.slice:buildkit:0a1b2c3d4e5f6g7h8i9j0k1lz", "/system.slice:buildkit:0a1b2c3d4e5f6g7h8i9j0k1lz")]
    public void Parse_BuildKitStep_IsAContainer(string path, string key)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Container);
        identity.Id.ShouldBe("0a1b2c3d4e5f");
        identity.Key.ShouldBe(key);
        Attribute(identity, "container.runtime.name").ShouldBe("buildkit");
    }

    [Theory]
    [InlineData("/machine.slice/machine-debian.scope", "debian", "systemd-nspawn")]
    [InlineData("/machine.slice/machine-my\\x2dbox.scope/payload/system.slice/ssh.service", "my-box", "systemd-nspawn")]
    [InlineData("/machine.slice/systemd-nspawn@web.service/payload", "web", "systemd-nspawn")]
    [InlineData("/machine.slice/machine-lxc\\x2d4\\x2dtiny.scope", "tiny", "libvirt-lxc")]
    [InlineData("/machine/lxc-4-tiny.libvirt-lxc", "tiny", "libvirt-lxc")]
    [InlineData("/lxc/101/ns/init.scope", "101", "lxc")]
    [InlineData("/lxc.payload/web", "web", "lxc")]
    [InlineData("/lxc.payload.web/system.slice/nginx.service", "web", "lxc")]
    public void Parse_NamedContainer_GivesItsName(string path, string name, string runtime)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Container);
        identity.Name.ShouldBe(name);
        Attribute(identity, "container.name").ShouldBe(name);
        Attribute(identity, "container.runtime.name").ShouldBe(runtime);
    }

    [Fact]
    public void Parse_DockerInLxc_IsTheDockerContainerInsideTheLxcOne()
    {
        var identity = CgroupPathParser.Parse($"/lxc.payload.ci/docker/{A}");

        Attribute(identity, "container.id").ShouldBe(A);
        Attribute(identity, "observe.container.outer.id").ShouldBe("ci");
    }

    [Theory]
    [InlineData("/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d01.scope", "web-01", "libvirt")]
    [InlineData("/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d01.scope/libvirt/vcpu0", "web-01", "libvirt")]
    [InlineData("/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d01.scope/libvirt/emulator", "web-01", "libvirt")]
    [InlineData("/machine.slice/machine-qemu\\x2d12\\x2ddb.scope/vcpu3", "db", "libvirt")]
    [InlineData("/machine/qemu-3-web-01.libvirt-qemu/iothread1", "web-01", "libvirt")]
    [InlineData("/libvirt/qemu/old.libvirt-qemu/vcpu0", "old", "libvirt")]
    [InlineData("/qemu.slice/104.scope", "104", "qemu")]
    [InlineData("/firecracker/vm-7/x", "vm-7", "firecracker")]
    [InlineData("/machine.slice/systemd-vmspawn@img.service", "img", "systemd-vmspawn")]
    public void Parse_VmPath_GivesTheVm(string path, string name, string hypervisor)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(Vm);
        identity.Name.ShouldBe(name);
        identity.Id.ShouldBe(name);
        Attribute(identity, "observe.vm.name").ShouldBe(name);
        Attribute(identity, "observe.vm.hypervisor").ShouldBe(hypervisor);
    }

    [Fact]
    public void Parse_KataSandbox_IsAVmInItsPod()
    {
        var identity = CgroupPathParser.Parse($"/kubepods/burstable/pod{Uid}/kata_{A}");

        identity.Kind.ShouldBe(Vm);
        identity.Id.ShouldBe(ShortA);
        Attribute(identity, "k8s.pod.uid").ShouldBe(Uid);
    }

    [Theory]
    [InlineData("/system.slice/nginx.service", Service, "nginx.service", "nginx.service", "nginx.service")]
    [InlineData("/system.slice/nginx.service/workers/1", Service, "nginx.service", "nginx.service", "nginx.service")]
    [InlineData("/system.slice/system-getty.slice/getty@tty1.service", Service, "getty@tty1.service", "getty@tty1.service", "getty@tty1.service")]
    [InlineData("/system.slice/system-serial\\x2dgetty.slice/serial-getty@ttyS0.service", Service, "serial-getty@ttyS0.service", "serial-getty@ttyS0.service", "serial-getty@ttyS0.service")]
    [InlineData("/system.slice/dbus\\x2dbroker.service", Service, "dbus-broker.service", "dbus\\x2dbroker.service", "dbus\\x2dbroker.service")]
    [InlineData("/system.slice/caf\\xc3\\xa9.service", Service, "caf\u00e9.service", "caf\\xc3\\xa9.service", "caf\\xc3\\xa9.service")]
    [InlineData("/system.slice/a\\xzz\\x0ab\\x.service", Service, "a\\xzz\\x0ab\\x.service", "a\\xzz\\x0ab\\x.service", "a\\xzz\\x0ab\\x.service")]
    [InlineData("/system.slice/_cpu.service", Service, "cpu.service", "cpu.service", "cpu.service")]
    [InlineData("/system.slice/run-r8d1.scope", Service, "run-r8d1.scope", "run-r8d1.scope", "run-r8d1.scope")]
    [InlineData("/my-app.slice/my-app-web.service", Service, "my-app-web.service", "my-app-web.service", "my-app-web.service")]
    [InlineData("/system.slice/docker.service", Service, "docker.service", "docker.service", "docker.service")]
    [InlineData("/system.slice", WorkloadKind.System, "system.slice", "system.slice", "system.slice")]
    [InlineData("/system.slice/system-serial\\x2dgetty.slice", WorkloadKind.System, "system-serial-getty.slice", "system-serial\\x2dgetty.slice", "system-serial\\x2dgetty.slice")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice", WorkloadKind.System, "kubepods-burstable.slice", "kubepods-burstable.slice", "kubepods-burstable.slice")]
    [InlineData("/init.scope", WorkloadKind.System, "init.scope", "init.scope", "init.scope")]
    [InlineData("/system.slice/dev-hugepages.mount", WorkloadKind.System, "dev-hugepages.mount", "dev-hugepages.mount", "dev-hugepages.mount")]
    [InlineData("/system.slice/dev-disk-by\\x2duuid-1.swap", WorkloadKind.System, "dev-disk-by-uuid-1.swap", "dev-disk-by\\x2duuid-1.swap", "dev-disk-by\\x2duuid-1.swap")]
    [InlineData($"/machine.slice/libpod-conmon-{A}.scope", WorkloadKind.System, $"libpod-conmon-{ShortA}", $"libpod-conmon-{ShortA}", $"libpod-conmon-{A}.scope")]
    [InlineData($"/system.slice/crio-conmon-{A}.scope", WorkloadKind.System, $"crio-conmon-{ShortA}", $"crio-conmon-{ShortA}", $"crio-conmon-{A}.scope")]
    [InlineData("/user.slice", User, "user.slice", "user.slice", "user.slice")]
    [InlineData("/user.slice/user-1000.slice", User, "user-1000.slice", "1000/user-1000.slice", "user-1000.slice")]
    [InlineData("/user.slice/user-1000.slice/session-3.scope", User, "session-3.scope", "1000/session-3.scope", "session-3.scope")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service", User, "user@1000.service", "1000/user@1000.service", "user@1000.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/init.scope", User, "user@1000.service", "1000/user@1000.service", "user@1000.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service", User, "sync.service", "1000/sync.service", "sync.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service/x", User, "sync.service", "1000/sync.service", "sync.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice", User, "app.slice", "1000/app.slice", "app.slice")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-4.scope", User, "vte-spawn-4.scope", "1000/vte-spawn-4.scope", "vte-spawn-4.scope")]
    public void Parse_SystemdPath_GivesTheUnit(string path, WorkloadKind kind, string name, string id, string unit)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(kind);
        identity.Name.ShouldBe(name);
        identity.Id.ShouldBe(id);
        Attribute(identity, "observe.systemd.unit").ShouldBe(unit);
        Attribute(identity, "observe.user.id").ShouldBe(path.Contains("1000", StringComparison.Ordinal) ? "1000" : null);
        Attribute(identity, "container.id").ShouldBeNull();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("///")]
    public void Parse_Root_IsTheSystem(string path)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(WorkloadKind.System);
        identity.Name.ShouldBe("/");
        identity.Id.ShouldBe("/");
        identity.Key.ShouldBe("/");
    }

    [Theory]
    [InlineData("/observe-test-1", "observe-test-1")]
    [InlineData("/docker", "docker")]
    [InlineData("/kubepods/burstable", "kubepods/burstable")]
    [InlineData("/lxc.monitor.web", "lxc.monitor.web")]
    [InlineData("/\u4f60\u597d/\u4e16\u754c", "\u4f60\u597d/\u4e16\u754c")]
    [InlineData("/a\nb", "a\uFFFDb")]
    [InlineData("/podnopods", "podnopods")]
    // one digit short, one too many, wrong digits
    [InlineData("/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde", "docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde")]
    [InlineData("/docker/00123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "docker/00123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("/docker/X123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "docker/X123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Parse_UnknownPath_IsNamedByItAndIdentifiedByItsHash(string path, string name)
    {
        var identity = CgroupPathParser.Parse(path);

        identity.Kind.ShouldBe(WorkloadKind.System);
        identity.Name.ShouldBe(name);
        identity.Id.ShouldBe(Fnv1A48(path));
        identity.Key.ShouldBe(path);
    }

    [Fact]
    public void Parse_HalfASurrogatePair_IsReplacedInTheName()
    {
        var identity = CgroupPathParser.Parse("/a\ud800b");

        identity.Name.ShouldBe("a\uFFFDb");
        identity.Id.ShouldBe(Fnv1A48("/a\ud800b"));
    }

    [Fact]
    public void Parse_VeryLongPath_HasABoundedNameAndId()
    {
        var identity = CgroupPathParser.Parse("/" + string.Join('/', Enumerable.Repeat(new string('x', 250), 40)));

        identity.Name.Length.ShouldBe(128);
        identity.Name.ShouldEndWith("x...");
        identity.Id.Length.ShouldBe(12);
        Attribute(identity, "observe.cgroup.path")!.Length.ShouldBe(4096);
    }

    [Fact]
    public void Parse_UnitWithAVeryLongName_IsIdentifiedByAHash()
    {
        var unit = new string('u', 200) + ".service";

        var identity = CgroupPathParser.Parse($"/system.slice/{unit}");

        identity.Kind.ShouldBe(Service);
        identity.Id.ShouldBe(Fnv1A48($"/system.slice/{unit}"));
        Attribute(identity, "observe.systemd.unit").ShouldBe(unit);
    }

    private static string? Attribute(WorkloadIdentity identity, string name) => identity.Attributes.SingleOrDefault(attribute => attribute.Key == name).Value;

    /// <summary>FNV-1a over the UTF-16LE units, written anew: the ids must not change between versions.</summary>
    private static string Fnv1A48(string text) => Fold(text.SelectMany(c => new[] { (byte)c, (byte)(c >> 8) }));

    private static string Fold(IEnumerable<byte> bytes) =>
        bytes.Aggregate(14695981039346656037UL, (hash, value) => unchecked((hash ^ value) * 1099511628211UL)).ToString("x16")[4..];
}
