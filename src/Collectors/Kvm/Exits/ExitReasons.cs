using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>
/// Names of exit reasons: the kernel's own of the same number, in lower case and without their prefix. Sources: VMX,
/// arch/x86/include/uapi/asm/vmx.h (EXIT_REASON_*; Intel SDM volume 3, appendix C); SVM, arch/x86/include/uapi/asm/svm.h (SVM_EXIT_*; AMD APM
/// volume 2, appendix C); arm64, arch/arm64/include/asm/esr.h (ESR_ELx_EC_*) and kvm_asm.h (ARM_EXCEPTION_*). What is in
/// none of them is exported as its number.
/// </summary>
internal static class ExitReasons
{
    /// <summary><c>KVM_ISA_VMX</c>.</summary>
    public const uint Vmx = 1;

    /// <summary><c>KVM_ISA_SVM</c>.</summary>
    public const uint Svm = 2;

    /// <summary>The programs' mark for a reason that could not be read.</summary>
    private const uint Unreadable = uint.MaxValue;

    /// <summary>The programs' mark for what is no exception class: an ARM_EXCEPTION_* code.</summary>
    private const uint ArmException = 0x100;

    private static readonly string?[] VmxNames =
    [
        "exception_nmi", "external_interrupt", "triple_fault", "init_signal", "sipi_signal", null, "other_smi", "interrupt_window", "nmi_window",
        "task_switch", "cpuid", null, "hlt", "invd", "invlpg", "rdpmc", "rdtsc", null, "vmcall", "vmclear", "vmlaunch", "vmptrld", "vmptrst", "vmread",
        "vmresume", "vmwrite", "vmoff", "vmon", "cr_access", "dr_access", "io_instruction", "msr_read", "msr_write", "invalid_state", "msr_load_fail", null,
        "mwait_instruction", "monitor_trap_flag", null, "monitor_instruction", "pause_instruction", "mce_during_vmentry", null, "tpr_below_threshold",
        "apic_access", "eoi_induced", "gdtr_idtr", "ldtr_tr", "ept_violation", "ept_misconfig", "invept", "rdtscp", "preemption_timer", "invvpid", "wbinvd", "xsetbv",
        "apic_write", "rdrand", "invpcid", "vmfunc", "encls", "rdseed", "pml_full", "xsaves", "xrstors", null, null, "umwait", "tpause", null, null, null, null, null, "bus_lock",
        "notify", "seamcall", "tdcall",
    ];

    private static readonly FrozenDictionary<uint, string> SvmNames = SvmTable();

    private static readonly FrozenDictionary<uint, string> ArmNames = new Dictionary<uint, string>
    {
        [0x00] = "unknown",
        [0x01] = "wfx",
        [0x03] = "cp15_32",
        [0x04] = "cp15_64",
        [0x05] = "cp14_mr",
        [0x06] = "cp14_ls",
        [0x07] = "fp_asimd",
        [0x08] = "cp10_id",
        [0x09] = "pac",
        [0x0c] = "cp14_64",
        [0x0d] = "bti",
        [0x0e] = "ill",
        [0x11] = "svc32",
        [0x12] = "hvc32",
        [0x13] = "smc32",
        [0x15] = "svc64",
        [0x16] = "hvc64",
        [0x17] = "smc64",
        [0x18] = "sys64",
        [0x19] = "sve",
        [0x1a] = "eret",
        [0x1c] = "fpac",
        [0x1d] = "sme",
        [0x1f] = "imp_def",
        [0x20] = "iabt_low",
        [0x21] = "iabt_cur",
        [0x22] = "pc_align",
        [0x24] = "dabt_low",
        [0x25] = "dabt_cur",
        [0x26] = "sp_align",
        [0x27] = "mops",
        [0x28] = "fp_exc32",
        [0x2c] = "fp_exc64",
        [0x2f] = "serror",
        [0x30] = "breakpt_low",
        [0x31] = "breakpt_cur",
        [0x32] = "softstp_low",
        [0x33] = "softstp_cur",
        [0x34] = "watchpt_low",
        [0x35] = "watchpt_cur",
        [0x38] = "bkpt32",
        [0x3a] = "vector32",
        [0x3c] = "brk64",
        [ArmException] = "irq",
        [ArmException | 1] = "el1_serror",
        [ArmException | 3] = "il",
    }.ToFrozenDictionary();

    /// <summary>A reason's name, for the <c>reason</c> label.</summary>
    /// <param name="isa">KVM's number of the instruction set; 0 is arm64's, which has none.</param>
    /// <param name="reason">The number that the processor gives.</param>
    public static string NameOf(uint isa, uint reason) => NameOf(isa, reason, RuntimeInformation.ProcessArchitecture == Architecture.Arm64);

    /// <summary>The same for a given architecture.</summary>
    internal static string NameOf(uint isa, uint reason, bool arm)
    {
        var name = isa switch
        {
            Vmx => reason < VmxNames.Length ? VmxNames[reason] : null,
            Svm => SvmNames.GetValueOrDefault(reason),
            _ => arm ? ArmNames.GetValueOrDefault(reason) : null,
        };
        return name ?? (reason == Unreadable ? "unknown" : reason.ToString(CultureInfo.InvariantCulture));
    }

    private static FrozenDictionary<uint, string> SvmTable()
    {
        var names = new Dictionary<uint, string>();
        for (var register = 0u; register < 16; register++)
        {
            names[register] = $"read_cr{register}";
            names[0x10 + register] = $"write_cr{register}";
            names[0x20 + register] = $"read_dr{register}";
            names[0x30 + register] = $"write_dr{register}";
        }
        string?[] exceptions = ["de", "db", null, "bp", "of", "br", "ud", "nm", "df", null, "ts", "np", "ss", "gp", "pf", null, "mf", "ac", "mc", "xf"];
        for (var vector = 0u; vector < 32; vector++)
            names[0x40 + vector] = vector < exceptions.Length && exceptions[vector] is { } exception ? $"{exception}_excp" : $"excp_{vector}";
        string[] intercepts =
        [
            "interrupt", "nmi", "smi", "init", "vintr", "cr0_sel_write", "idtr_read", "gdtr_read", "ldtr_read", "tr_read", "idtr_write", "gdtr_write", "ldtr_write", "tr_write",
            "rdtsc", "rdpmc", "pushf", "popf", "cpuid", "rsm", "iret", "swint", "invd", "pause", "hlt", "invlpg", "invlpga", "io", "msr", "task_switch", "ferr_freeze",
            "shutdown", "vmrun", "vmmcall", "vmload", "vmsave", "stgi", "clgi", "skinit", "rdtscp", "icebp", "wbinvd", "monitor", "mwait", "mwait_cond", "xsetbv", "rdpru",
            "efer_write_trap",
        ];
        for (var i = 0u; i < intercepts.Length; i++)
            names[0x60 + i] = intercepts[i];
        for (var register = 0u; register < 16; register++)
            names[0x90 + register] = $"cr{register}_write_trap";
        names[0xa2] = "invpcid";
        names[0xa5] = "bus_lock";
        names[0xa6] = "idle_hlt";
        names[0x400] = "npf";
        names[0x401] = "avic_incomplete_ipi";
        names[0x402] = "avic_unaccelerated_access";
        names[0x403] = "vmgexit";
        return names.ToFrozenDictionary();
    }
}
