namespace Observe.Collectors.Kvm.Calibration;

/// <summary>
/// What the guest does for ever: counts operations in R15 and leaves with one exit to user space after each R14 of them.
/// Machine code, at most a page, that can stand anywhere.
/// </summary>
/// <param name="Name">What it is for, in messages.</param>
/// <param name="ExitReason">How each run of it ends.</param>
/// <param name="Code">The instructions.</param>
internal sealed record KvmProgram(string Name, uint ExitReason, byte[] Code)
{
    /// <summary>CPUID, which the kernel answers by itself; a port after each R14.</summary>
    public static readonly KvmProgram CpuId = new("cpuid", KvmInterop.ExitIo, Loop(0x0F, 0xA2));

    /// <summary>The same with a NOP of two bytes for CPUID: what the loop itself costs.</summary>
    public static readonly KvmProgram Empty = new("empty loop", KvmInterop.ExitIo, Loop(0x66, 0x90));

    /// <summary>A port that nobody in the kernel serves; R14 is 1 here.</summary>
    public static readonly KvmProgram PortIo = new("port I/O", KvmInterop.ExitIo,
    [
        0x49, 0xFF, 0xC7, // again: inc r15
        0xE6, Port, // out Port, al
        0xEB, 0xF9, // jmp again
    ]);

    /// <summary>A halt, which comes back to user space where no interrupt controller is in the kernel; R14 is 1 here.</summary>
    public static readonly KvmProgram Halt = new("hlt", KvmInterop.ExitHalt,
    [
        0x49, 0xFF, 0xC7, // again: inc r15
        0xF4, // hlt
        0xEB, 0xFA, // jmp again
    ]);

    /// <summary>Not 0x80: kernels before 4.15 let Intel guests write to that one without an exit (commit d59d51f08801).</summary>
    private const byte Port = 0x10;

    private static byte[] Loop(byte first, byte second) =>
    [
        0x4D, 0x89, 0xF5, // again: mov r13, r14
        0x31, 0xC0, // next: xor eax, eax
        0x31, 0xC9, // xor ecx, ecx
        first, second,
        0x49, 0xFF, 0xC7, // inc r15
        0x49, 0xFF, 0xCD, // dec r13
        0x75, 0xF2, // jnz next
        0xE6, Port, // out Port, al
        0xEB, 0xEB, // jmp again
    ];
}
