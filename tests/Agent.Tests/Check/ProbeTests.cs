using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Observe.Agent.Check;
using Observe.Agent.Commands;
using Observe.Agent.Configuration.Options;
using Observe.Agent.Export.Otlp;
using Observe.Agent.Status;
using Observe.Collectors;

namespace Observe.Agent.Tests.Check;

/// <summary>Each probe against a host tree made for it; each complaint has one line of cause and one of remedy.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("observe-host-").FullName;

    private HostPaths Host => new() { Proc = Path.Combine(root, "proc"), Sys = Path.Combine(root, "sys") };

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("6.18.44-fc", StatusLevel.Ok, "6.18.44-fc")]
    [InlineData("5.10.0-30-amd64", StatusLevel.Ok, "5.10.0-30-amd64")]
    [InlineData("5.9.1", StatusLevel.Degraded, "older than 5.10")]
    [InlineData("4.19.0-26-amd64", StatusLevel.Failed, "older than 5.8")]
    [InlineData("", StatusLevel.Degraded, "cannot tell")]
    public async Task Kernel_Release_IsJudged(string release, StatusLevel level, string detail)
    {
        Write("proc/sys/kernel/osrelease", release + "\n");
        await ShouldBeAsync(new KernelProbe(Host), level, detail);
    }

    [Fact]
    public async Task Btf_PresentMissingOrForeign_IsJudged()
    {
        await ShouldBeAsync(new BtfProbe(Host), StatusLevel.Failed, "is missing");
        Write("sys/kernel/btf/vmlinux", "ELF!");
        await ShouldBeAsync(new BtfProbe(Host), StatusLevel.Failed, "does not hold BTF");
        File.WriteAllBytes(Path.Combine(root, "sys/kernel/btf/vmlinux"), BitConverter.GetBytes((ushort)0xEB9F));
        await ShouldBeAsync(new BtfProbe(Host), StatusLevel.Ok, "vmlinux");
    }

    [Theory]
    [InlineData("000001ffffffffff", StatusLevel.Ok, "CAP_BPF and CAP_PERFMON")]
    [InlineData("000000c000000000", StatusLevel.Ok, "CAP_BPF and CAP_PERFMON")]
    [InlineData("0000000000200000", StatusLevel.Ok, "CAP_SYS_ADMIN")]
    [InlineData("0000008000000000", StatusLevel.Failed, "CAP_PERFMON missing")]
    [InlineData("0000004000000000", StatusLevel.Failed, "CAP_BPF missing")]
    [InlineData("0000000000000000", StatusLevel.Failed, "CAP_BPF and CAP_PERFMON missing")]
    public async Task Capabilities_Mask_IsJudged(string mask, StatusLevel level, string detail)
    {
        Write("proc/self/status", $"Name:\tobserve\nCapPrm:\t000001ffffffffff\nCapEff:\t{mask}\n");
        await ShouldBeAsync(new CapabilityProbe(Host), level, detail);
    }

    [Theory]
    [InlineData("[none] integrity confidentiality", StatusLevel.Ok, "none")]
    [InlineData("none [integrity] confidentiality", StatusLevel.Degraded, "fentry and kprobe")]
    [InlineData("none integrity [confidentiality]", StatusLevel.Failed, "may not read kernel memory")]
    public async Task Lockdown_Mode_IsJudged(string modes, StatusLevel level, string detail)
    {
        Write("sys/kernel/security/lockdown", modes + "\n");
        await ShouldBeAsync(new LockdownProbe(Host), level, detail);
    }

    [Theory]
    [InlineData("5.10.0", "0000000000000000", "65536                65536", StatusLevel.Failed, "limited to 64 KiB")]
    [InlineData("5.10.0", "0000000000000000", "unlimited            unlimited", StatusLevel.Ok, "has room")]
    [InlineData("5.10.0", "0000000001000000", "65536                65536", StatusLevel.Ok, "CAP_SYS_RESOURCE")]
    [InlineData("5.11.0", "0000000000000000", "65536                65536", StatusLevel.Ok, "no limit applies")]
    public async Task Memlock_KernelCapabilitiesLimit_IsJudged(string release, string mask, string limit, StatusLevel level, string detail)
    {
        Write("proc/sys/kernel/osrelease", release);
        Write("proc/self/status", $"CapEff:\t{mask}\n");
        Write("proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units     \nMax locked memory         {limit}                bytes     \n");
        await ShouldBeAsync(new MemlockProbe(Host), level, detail);
    }

    [Theory]
    [InlineData(new[] { "cgroup.controllers" }, StatusLevel.Ok, "v2 at")]
    [InlineData(new[] { "cgroup.controllers", "cgroup.events" }, StatusLevel.Degraded, "only a part of the host's tree is mounted")]
    [InlineData(new[] { "cpu,cpuacct/cgroup.procs", "unified/cgroup.controllers" }, StatusLevel.Ok, "hybrid")]
    [InlineData(new[] { "cpu/cgroup.procs" }, StatusLevel.Ok, "v1")]
    [InlineData(new string[0], StatusLevel.Failed, "no cgroup hierarchy is mounted at")]
    public async Task Cgroup_Layout_IsRecognised(string[] files, StatusLevel level, string detail)
    {
        foreach (var each in files)
            Write($"cg/{each}", each == "cgroup.controllers" ? "cpu memory" : "");
        await ShouldBeAsync(new CgroupProbe(Path.Combine(root, "cg"), Host), level, detail);
    }

    [Fact]
    public async Task Cgroup_WithoutCpuController_IsDegraded()
    {
        Write("cg/cgroup.controllers", "memory");
        await ShouldBeAsync(new CgroupProbe(Path.Combine(root, "cg"), Host), StatusLevel.Degraded, "there are no quotas");
    }

    [Theory]
    [InlineData("pid:[4026531836]", StatusLevel.Ok, "the host's")]
    [InlineData("pid:[4026532177]", StatusLevel.Degraded, "one of its own")]
    public async Task PidNamespace_Link_IsJudged(string link, StatusLevel level, string detail)
    {
        Directory.CreateDirectory(Path.Combine(root, "proc/self/ns"));
        File.CreateSymbolicLink(Path.Combine(root, "proc/self/ns/pid"), link);
        await ShouldBeAsync(new PidNamespaceProbe(Host), level, detail);
    }

    [Fact]
    public async Task PidNamespace_NoLink_IsDegraded() => await ShouldBeAsync(new PidNamespaceProbe(Host), StatusLevel.Degraded, "cannot tell");

    [Fact]
    public async Task Listen_BusyPort_NamesItsOwner()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;
        var self = File.ReadAllText("/proc/self/comm").Trim();
        var probe = new ListenProbe([new ListenAddress("127.0.0.1", port)], new HostPaths());

        await ShouldBeAsync(probe, StatusLevel.Failed, $"address already in use by {self} (pid {Environment.ProcessId})");
        probe.Explain().ShouldHaveSingleItem().ShouldStartWith($"cannot listen on 127.0.0.1:{port}: address already in use by ");
        busy.Stop();
        await ShouldBeAsync(probe, StatusLevel.Ok, "free");
    }

    [Fact]
    public async Task Listen_NotOurAddress_SaysSo() =>
        await ShouldBeAsync(new ListenProbe([new ListenAddress("192.0.2.1", 9464)], Host), StatusLevel.Failed, "this host has no such address");

    [Fact]
    public async Task Listen_UnixSocket_ServedStaleOrAbsent()
    {
        var path = Path.Combine(root, "o.sock");
        var probe = new ListenProbe([new ListenAddress(path, -1)], Host);
        await ShouldBeAsync(probe, StatusLevel.Ok, "free");
        using (var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            server.Bind(new UnixDomainSocketEndPoint(path));
            server.Listen();
            await ShouldBeAsync(probe, StatusLevel.Failed, "address already in use");
        }
        await ShouldBeAsync(probe, StatusLevel.Ok, "free");
        await ShouldBeAsync(new ListenProbe([new ListenAddress(Path.Combine(root, "no/o.sock"), -1)], Host), StatusLevel.Failed, "no such address");
    }

    [Fact]
    public async Task Otlp_Endpoint_NoneOrNobodyThere()
    {
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)receiver.LocalEndpoint).Port}/x?token=t0ken");
        receiver.Stop();

        await ShouldBeAsync(new OtlpEndpointProbe(new OtlpOptions(), TimeProvider.System), StatusLevel.Absent, "");
        var row = await ShouldBeAsync(new OtlpEndpointProbe(new OtlpOptions { Endpoint = url }, TimeProvider.System), StatusLevel.Degraded, "127.0.0.1");
        (row.Detail + row.Remedy).ShouldNotContain("t0ken");
    }

    [Fact]
    public async Task Calibration_NoDevice_IsOneRowThatIsNotMissed() =>
        await ShouldBeAsync(new CalibrationProbe(Host, Path.Combine(root, "dev/kvm")), StatusLevel.Absent, RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "is not there" : "x86-64");

    [Fact]
    public async Task Calibration_NotKvm_IsOneRowWithARemedy()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the guest is x86-64 code");
        await ShouldBeAsync(new CalibrationProbe(Host, "/dev/null"), StatusLevel.Degraded, "/dev/null");
    }

    [Fact]
    public async Task Guest_ThisMachine_HasARowForTheHypervisorAndOneForItsClock()
    {
        var rows = await new GuestProbe(new HostPaths()).RunAsync(TestContext.Current.CancellationToken);
        rows.Select(each => each.Component).ShouldBe(["hypervisor", "steal clock"]);
        rows.ShouldAllBe(each => each.Level == StatusLevel.Ok || each.Level == StatusLevel.Absent);
    }

    [Fact]
    public async Task ProbeAsync_ProbeThrows_IsARow()
    {
        var rows = await CheckCommand.ProbeAsync([new ThrowingProbe(), new OtlpEndpointProbe(new OtlpOptions(), TimeProvider.System)], TestContext.Current.CancellationToken);

        rows.Select(each => each.Level).ShouldBe([StatusLevel.Failed, StatusLevel.Absent]);
        rows[0].Detail.ShouldContain("InvalidOperationException: oh");
    }

    [Fact]
    public void Table_Rows_AreAligned()
    {
        StatusTable.Format([new("a", StatusLevel.Ok, "fine"), new("longer name", StatusLevel.Degraded, "not so\nfine", "repair")]).ShouldBe(
            "COMPONENT    STATUS    DETAIL       REMEDY\n" +
            "a            ok        fine\n" +
            "longer name  degraded  not so fine  repair\n");
    }

    private static async Task<ComponentStatus> ShouldBeAsync(IProbe probe, StatusLevel level, string detail)
    {
        var row = (await probe.RunAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        row.Detail.ShouldContain(detail);
        row.Level.ShouldBe(level, row.Detail);
        row.Detail.ShouldNotContain('\n');
        if (level is StatusLevel.Degraded or StatusLevel.Failed)
            row.Remedy.ShouldNotBeNullOrEmpty();
        return row;
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private sealed class ThrowingProbe : IProbe
    {
        public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("oh");
    }
}
