using System.Runtime.CompilerServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary><see cref="KernelFactAttribute"/> with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = KernelFactAttribute.Missing();
}
