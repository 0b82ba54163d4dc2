using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Observe.Collectors.Guest;
using Observe.Collectors.Kvm.Calibration;
using Observe.Collectors.Tests.Cgroup;

namespace Observe.Collectors.Tests.Kvm;

/// <summary>A real guest, where this machine can run one. It counts for itself, so what was counted here has an independent truth.</summary>
[Collection(nameof(RunsAlone))]
public class KvmCalibrationTests
{
    [Fact]
    public void Registers_Layout_IsTheKernels()
    {
        // The size stands in the request's number (bits 16 to 29), which the kernel compares.
        Unsafe.SizeOf<KvmInterop.Registers>().ShouldBe((int)(KvmInterop.SetRegisters >> 16 & 0x3FFF));
        Unsafe.SizeOf<KvmInterop.SpecialRegisters>().ShouldBe((int)(KvmInterop.SetSpecialRegisters >> 16 & 0x3FFF));
        Unsafe.SizeOf<KvmInterop.MemoryRegion>().ShouldBe((int)(KvmInterop.SetUserMemoryRegion >> 16 & 0x3FFF));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Run_EachProgram_CountsExactly(int runs)
    {
        using var guest = Guest();
        foreach (var (program, operations) in new[] { (KvmProgram.CpuId, 32), (KvmProgram.Empty, 5), (KvmProgram.PortIo, 1), (KvmProgram.Halt, 1) })
        {
            guest.Start(program, operations);
            for (var i = 0; i < runs; i++)
                guest.Run().ShouldBe(program.ExitReason, program.Name);
            guest.Operations.ShouldBe((long)runs * operations, program.Name);
        }
    }

    [Fact]
    public void Measure_Costs_ArePositiveAndOrdered()
    {
        var calibration = Measure();

        calibration.Costs.PortIoNanos.ShouldBeGreaterThan(0);
        calibration.Costs.HaltNanos.ShouldBeGreaterThan(0);
        foreach (var trip in new[] { calibration.Cpuid, calibration.PortIo, calibration.Halt })
        {
            trip.P99Nanos.ShouldBeGreaterThanOrEqualTo(trip.MedianNanos);
            trip.Count.ShouldBeGreaterThan(8);
        }
        // A processor does six instructions in nanoseconds; who takes longer than for leaving the guest goes through them one by one.
        Assert.SkipWhen(calibration.Interpreted, $"this KVM interprets its guests: {calibration.LoopNanos:0} ns for six instructions, {calibration.Cpuid.MedianNanos:0} ns for CPUID");
        calibration.Costs.CpuidNanos.ShouldBeGreaterThan(0);
        // Whoever goes to user space has left the guest first.
        calibration.Costs.PortIoNanos.ShouldBeGreaterThanOrEqualTo(calibration.Costs.CpuidNanos);
        calibration.Costs.HaltNanos.ShouldBeGreaterThanOrEqualTo(calibration.Costs.CpuidNanos);
    }

    [Fact]
    public void Measure_Afterwards_NothingIsLeftOpen()
    {
        Measure();
        File.ReadAllText("/proc/self/maps").ShouldNotContain("kvm-vcpu");
        Directory.GetFileSystemEntries("/proc/self/fd").Select(Target).ShouldNotContain(each => each.Contains("kvm", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_NoDevice_IsAbsentWithARemedy()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the guest is x86-64 code");
        var refusal = Should.Throw<KvmUnavailableException>(() => KvmCalibration.Measure("/dev/no-kvm"));
        refusal.Level.ShouldBe(StatusLevel.Absent);
        refusal.Message.ShouldBe("/dev/no-kvm is not there: this host runs no guests by KVM");
        refusal.Remedy.ShouldNotBeNull();
    }

    [Fact]
    public void Measure_ADeviceThatIsNotKvm_IsDegradedAndClosed()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the guest is x86-64 code");
        var refusal = Should.Throw<KvmUnavailableException>(() => KvmCalibration.Measure("/dev/null"));
        refusal.Level.ShouldBe(StatusLevel.Degraded);
        refusal.Message.ShouldContain("KVM's interface");
    }

    [Fact]
    public void Refusals_ByErrno_NameCauseAndRemedy()
    {
        KvmUnavailableException.Open("/dev/kvm", 13).Level.ShouldBe(StatusLevel.Degraded);
        KvmUnavailableException.Open("/dev/kvm", 13).Message.ShouldBe("/dev/kvm: permission denied");
        KvmUnavailableException.Refused("KVM_CREATE_VM", 16).Message.ShouldBe("KVM_CREATE_VM was refused: Device or resource busy (errno 16)");
        KvmUnavailableException.Refused("KVM_CREATE_VM", 16).Remedy!.ShouldContain("another hypervisor");
    }

    [Theory]
    [InlineData(true, false, "kvm_intel", "kvm_intel kvm_amd")] // both built in
    [InlineData(false, true, "kvm_amd", "kvm_intel kvm_amd")]
    [InlineData(false, false, "kvm_pvm", "kvm kvm_pvm")]
    [InlineData(false, true, "kvm_pvm", "kvm kvm_pvm")] // SVM is there, and not what is loaded
    [InlineData(false, false, "kvm", "")]
    public void InUse_ProcessorAndModules_NameTheModule(bool vmx, bool svm, string expected, string modules)
    {
        using var tree = new TempTree();
        foreach (var module in modules.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            tree.With($"module/{module}/uevent", "");
        KvmModule.InUse(tree.Root, leaf => leaf switch
        {
            1 => new CpuIdLeaf(0, 0, vmx ? 1u << 5 : 0, 0),
            0x80000001 => new CpuIdLeaf(0, 0, svm ? 1u << 2 : 0, 0),
            _ => default,
        }).ShouldBe(expected);
    }

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return ""; // the one that listed them
        }
    }

    private static KvmGuest Guest()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the guest is x86-64 code");
        try
        {
            return new KvmGuest(KvmCalibration.DefaultDevice);
        }
        catch (KvmUnavailableException refusal)
        {
            Assert.Skip(refusal.Message);
            throw;
        }
    }

    private static KvmCalibration Measure()
    {
        Guest().Dispose();
        return KvmCalibration.Measure();
    }
}
