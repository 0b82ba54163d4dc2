using System.Runtime.InteropServices;

namespace Observe.Collectors.Kvm.Calibration;

/// <summary>What is used of KVM's interface, x86-64 only (linux/kvm.h, asm/kvm.h; Documentation/virt/kvm/api.rst).</summary>
internal static class KvmInterop
{
    /// <summary>KVM_GET_API_VERSION, of the device.</summary>
    public const uint GetApiVersion = 0xAE00;

    /// <summary>KVM_CREATE_VM, of the device: a file.</summary>
    public const uint CreateVm = 0xAE01;

    /// <summary>KVM_GET_VCPU_MMAP_SIZE, of the device: bytes.</summary>
    public const uint GetVcpuMmapSize = 0xAE04;

    /// <summary>KVM_GET_SUPPORTED_CPUID, of the device: fills a count and so many entries.</summary>
    public const uint GetSupportedCpuId = 0xC008AE05;

    /// <summary>KVM_CREATE_VCPU, of the VM: a file.</summary>
    public const uint CreateVcpu = 0xAE41;

    /// <summary>KVM_SET_USER_MEMORY_REGION, of the VM.</summary>
    public const uint SetUserMemoryRegion = 0x4020AE46;

    /// <summary>KVM_SET_TSS_ADDR, of the VM.</summary>
    public const uint SetTssAddress = 0xAE47;

    /// <summary>KVM_RUN, of the virtual CPU.</summary>
    public const uint Run = 0xAE80;

    /// <summary>KVM_GET_REGS, of the virtual CPU.</summary>
    public const uint GetRegisters = 0x8090AE81;

    /// <summary>KVM_SET_REGS, of the virtual CPU.</summary>
    public const uint SetRegisters = 0x4090AE82;

    /// <summary>KVM_GET_SREGS, of the virtual CPU.</summary>
    public const uint GetSpecialRegisters = 0x8138AE83;

    /// <summary>KVM_SET_SREGS, of the virtual CPU.</summary>
    public const uint SetSpecialRegisters = 0x4138AE84;

    /// <summary>KVM_SET_CPUID2, of the virtual CPU.</summary>
    public const uint SetCpuId2 = 0x4008AE90;

    /// <summary>The only version of the interface since Linux 2.6.22.</summary>
    public const int ApiVersion = 12;

    /// <summary>Where <c>kvm_run.exit_reason</c> stands, a 32-bit number.</summary>
    public const int ExitReasonOffset = 8;

    /// <summary>KVM_EXIT_IO: the guest used a port that nobody in the kernel serves.</summary>
    public const uint ExitIo = 2;

    /// <summary>KVM_EXIT_HLT: the guest halted, and no interrupt controller in the kernel could wake it.</summary>
    public const uint ExitHalt = 5;

    /// <summary>Most entries of a CPUID table (KVM_MAX_CPUID_ENTRIES); each of <see cref="CpuIdEntryBytes"/>.</summary>
    public const int CpuIdEntries = 256;

    /// <summary>Size of <c>kvm_cpuid2</c> without its entries.</summary>
    public const int CpuIdHeadBytes = 8;

    /// <summary>Size of <c>kvm_cpuid_entry2</c>.</summary>
    public const int CpuIdEntryBytes = 40;

    /// <summary><c>kvm_userspace_memory_region</c>: memory of this process that the guest has as its own.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryRegion
    {
        public uint Slot;
        public uint Flags;
        public ulong GuestAddress;
        public ulong Bytes;
        public ulong Address;
    }

    /// <summary><c>kvm_regs</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Registers
    {
        public ulong Rax, Rbx, Rcx, Rdx, Rsi, Rdi, Rsp, Rbp;
        public ulong R8, R9, R10, R11, R12, R13, R14, R15;
        public ulong Rip, Rflags;
    }

    /// <summary><c>kvm_segment</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Segment
    {
        public ulong Base;
        public uint Limit;
        public ushort Selector;
        public byte Type, Present, Privilege, Default32, NotSystem, Long64, Granularity, Available, Unusable, Padding;
    }

    /// <summary><c>kvm_dtable</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DescriptorTable
    {
        public ulong Base;
        public ushort Limit;
        private readonly ushort padding0, padding1, padding2;
    }

    /// <summary><c>kvm_sregs</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SpecialRegisters
    {
        public Segment Cs, Ds, Es, Fs, Gs, Ss, Tr, Ldt;
        public DescriptorTable Gdt, Idt;
        public ulong Cr0, Cr2, Cr3, Cr4, Cr8, Efer, ApicBase;
        public ulong Interrupts0, Interrupts1, Interrupts2, Interrupts3;
    }
}
