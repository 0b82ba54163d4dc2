using System.Diagnostics;
using Observe.Collectors.Kvm;
using Observe.Collectors.Tests.Cgroup;

namespace Observe.Collectors.Tests.Kvm;

public sealed class VmProcessReadTests
{
    [Fact]
    public void Read_QemuInProc_GivesTheMachine()
    {
        using var proc = new TempTree().With("7/comm", "qemu-system-x86\n").With("7/cmdline", "/usr/bin/qemu-system-x86_64\0-name\0guest=two words,debug-threads=on\0-S\0");

        VmProcess.Read(proc.Root, 7).ShouldBe(new VmProcess(7, "two words", null, "qemu"));
    }

    [Fact]
    public void Read_ProcessThatIsGone_GivesNull()
    {
        using var proc = new TempTree().With("7/comm", "qemu-system-x86\n").With("8/cmdline", "kvm\0");

        VmProcess.Read(proc.Root, 7).ShouldBeNull();
        VmProcess.Read(proc.Root, 8).ShouldBeNull();
        VmProcess.Read(proc.Root, 9).ShouldBeNull();
        VmProcess.Read("/nowhere", 1).ShouldBeNull();
    }

    [Fact]
    public void Read_Zombie_IsNamedByItsComm()
    {
        using var proc = new TempTree().With("7/comm", "qemu-system-x86\n").With("7/cmdline", "");

        VmProcess.Read(proc.Root, 7).ShouldBe(new VmProcess(7, "qemu-system-x86-7", null, "qemu"));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('\0')]
    [InlineData('-')]
    public void Read_HugeCommandLine_ReadsItsBeginningOnly(char filler)
    {
        using var proc = new TempTree().With("7/comm", "kvm\n")
            .With("7/cmdline", "kvm\0-name\0early\0-x\0" + new string(filler, 128 * 1024) + "\0-name\0late\0");

        VmProcess.Read(proc.Root, 7).ShouldBe(new VmProcess(7, "early", null, "qemu"));
    }

    [Fact]
    public void Read_RealProcess_GivesItsOwnArguments()
    {
        // A copy of the shell under a VMM's name: what it is given as $0 and $1 stands on its command line behind the script.
        using var tree = new TempTree().With("kvm", "");
        File.Copy("/bin/sh", $"{tree.Root}/kvm", overwrite: true);
        using var process = Process.Start(new ProcessStartInfo($"{tree.Root}/kvm", ["-c", "read line", "-name", "guest=real,debug-threads=on"]) { RedirectStandardInput = true })!;
        try
        {
            VmProcess.Read("/proc", process.Id).ShouldBe(new VmProcess(process.Id, "real", null, "qemu"));
        }
        finally
        {
            process.StandardInput.Close();
            process.WaitForExit();
        }
        VmProcess.Read("/proc", process.Id).ShouldBeNull();
    }
}
