using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Observe.Bpf.Host;
using static Observe.Collectors.Kvm.Calibration.KvmInterop;

namespace Observe.Collectors.Kvm.Calibration;

/// <summary>
/// A guest of one virtual CPU and one page of 2 MiB, in 64-bit mode from its first instruction: no firmware, no devices, no
/// interrupts. Used by one thread; KVM wants the virtual CPU to be run by the process that made it.
/// </summary>
internal sealed class KvmGuest : IDisposable
{
    private const int MemoryBytes = 2 << 20;

    // Where things are in the guest's memory; page tables want pages of their own.
    private const int Level4 = 0x1000;
    private const int Level3 = 0x2000;
    private const int Level2 = 0x3000;
    private const int StackTop = 0x8000;
    private const int Code = 0x10000;

    /// <summary>Bits of a page table entry: present, writable; and the 2 MiB page itself.</summary>
    private const ulong Table = 0x3;
    private const ulong LargePage = 0x83;

    /// <summary>Three pages that the guest does not use, below 4 GiB: Intel processors without unrestricted guests want them named.</summary>
    private const long TssAddress = 0xFFFBD000;

    private const int Interrupted = -4; // EINTR

    private readonly List<IDisposable> owned = [];
    private readonly DeviceFile vcpu;
    private readonly MappedMemory memory;
    private readonly MappedMemory shared;

    /// <summary>Makes the guest.</summary>
    /// <param name="device">Where KVM's device is.</param>
    /// <exception cref="KvmUnavailableException">There is none, it may not be used, or it refused.</exception>
    public KvmGuest(string device)
    {
        try
        {
            var kvm = Own(DeviceFile.TryOpen(device, out var errno), () => KvmUnavailableException.Open(device, errno));
            if (kvm.Ioctl(GetApiVersion) is var version && version != ApiVersion)
                throw new KvmUnavailableException(StatusLevel.Degraded, $"{device} speaks version {version} of KVM's interface, not {ApiVersion}", "check that it is KVM's device");
            var vm = Own(kvm.TryCreate(CreateVm, 0, out errno), () => KvmUnavailableException.Refused("KVM_CREATE_VM", errno));
            vm.Ioctl(SetTssAddress, unchecked((nint)TssAddress)); // where it fails it is not needed
            memory = Own(MappedMemory.TryMap(null, MemoryBytes, out errno), () => KvmUnavailableException.Refused("memory for the guest", errno));
            var region = new MemoryRegion { Bytes = MemoryBytes, Address = (ulong)memory.Address };
            Check("KVM_SET_USER_MEMORY_REGION", vm.Ioctl(SetUserMemoryRegion, ref region));
            vcpu = Own(vm.TryCreate(CreateVcpu, 0, out errno), () => KvmUnavailableException.Refused("KVM_CREATE_VCPU", errno));
            var bytes = Check("KVM_GET_VCPU_MMAP_SIZE", kvm.Ioctl(GetVcpuMmapSize));
            shared = Own(MappedMemory.TryMap(vcpu, bytes, out errno), () => KvmUnavailableException.Refused("the virtual CPU's memory", errno));
            OfferFeatures(kvm);
            EnterLongMode();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Number of operations since <see cref="Start"/>, as the guest itself counted them.</summary>
    public long Operations
    {
        get
        {
            var registers = default(Registers);
            Check("KVM_GET_REGS", vcpu.Ioctl(GetRegisters, ref registers));
            return (long)registers.R15;
        }
    }

    /// <summary>Puts a program in place; nothing of it runs yet.</summary>
    /// <param name="program">The program.</param>
    /// <param name="operationsPerRun">How many operations it does before it leaves.</param>
    public void Start(KvmProgram program, int operationsPerRun)
    {
        program.Code.CopyTo(memory.Bytes[Code..]);
        var registers = new Registers { Rip = Code, Rsp = StackTop, R14 = (ulong)operationsPerRun, Rflags = 2 };
        Check("KVM_SET_REGS", vcpu.Ioctl(SetRegisters, ref registers));
    }

    /// <summary>Lets the guest run until it leaves; a signal in between is not the guest's doing.</summary>
    /// <returns>Why it left: <c>kvm_run.exit_reason</c>.</returns>
    public uint Run()
    {
        int result;
        while ((result = vcpu.Ioctl(KvmInterop.Run)) == Interrupted)
        {
        }
        Check("KVM_RUN", result);
        return BinaryPrimitives.ReadUInt32LittleEndian(shared.Bytes[ExitReasonOffset..]);
    }

    /// <summary>Removes the guest.</summary>
    public void Dispose()
    {
        for (var i = owned.Count - 1; i >= 0; i--)
            owned[i].Dispose();
        owned.Clear();
    }

    /// <summary>The processor's features; without them the kernel does not let the guest into 64-bit mode.</summary>
    private void OfferFeatures(DeviceFile kvm)
    {
        var table = new byte[CpuIdHeadBytes + (CpuIdEntries * CpuIdEntryBytes)];
        BinaryPrimitives.WriteInt32LittleEndian(table, CpuIdEntries);
        Check("KVM_GET_SUPPORTED_CPUID", kvm.Ioctl(GetSupportedCpuId, table));
        Check("KVM_SET_CPUID2", vcpu.Ioctl(SetCpuId2, table));
    }

    private void EnterLongMode()
    {
        var ram = memory.Bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(ram[Level4..], Level3 | Table);
        BinaryPrimitives.WriteUInt64LittleEndian(ram[Level3..], Level2 | Table);
        BinaryPrimitives.WriteUInt64LittleEndian(ram[Level2..], LargePage);

        var special = default(SpecialRegisters);
        Check("KVM_GET_SREGS", vcpu.Ioctl(GetSpecialRegisters, ref special));
        special.Cr0 = 0x80050033; // paging, alignment, write protection, numeric errors, protection
        special.Cr3 = Level4;
        special.Cr4 = 1 << 5; // physical address extension
        special.Efer = 0xD01; // long mode enabled and active, no-execute, system calls
        special.Cs = new Segment { Limit = 0xFFFFF, Selector = 0x10, Type = 0xB, Present = 1, NotSystem = 1, Long64 = 1, Granularity = 1 };
        var data = new Segment { Limit = 0xFFFFF, Selector = 0x18, Type = 0x3, Present = 1, NotSystem = 1, Default32 = 1, Granularity = 1 };
        special.Ds = special.Es = special.Fs = special.Gs = special.Ss = data;
        special.Ldt = new Segment { Unusable = 1 };
        special.Tr = new Segment { Limit = 0xFFFFF, Selector = 0x20, Type = 0xB, Present = 1 };
        Check("KVM_SET_SREGS", vcpu.Ioctl(SetSpecialRegisters, ref special));
    }

    private T Own<T>(T? resource, Func<KvmUnavailableException> failure)
        where T : SafeHandle
    {
        if (resource is null)
            throw failure();
        owned.Add(resource);
        return resource;
    }

    private static int Check(string request, int result) => result >= 0 ? result : throw KvmUnavailableException.Refused(request, -result);
}
