using System.Runtime.CompilerServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>A test on the real kernel: skipped, with the reason, where BPF cannot be used.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "needs root: loads BPF programs";
        else if (!File.Exists("/sys/kernel/btf/vmlinux"))
            Skip = "needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)";
    }
}
