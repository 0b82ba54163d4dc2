using System.Runtime.CompilerServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>A test on the real kernel: skipped, with the reason, where BPF cannot be used.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Missing();

    internal static string? Missing() =>
        !Environment.IsPrivilegedProcess ? "needs root: loads BPF programs"
        : !File.Exists("/sys/kernel/btf/vmlinux") ? "needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)"
        : null;
}
