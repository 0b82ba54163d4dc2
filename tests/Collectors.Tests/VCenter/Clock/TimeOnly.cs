using System.Reflection;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Clock;

/// <summary>An API that knows what time it is, and nothing else.</summary>
#pragma warning disable CA1852 // The proxy derives from it.
internal class TimeOnly : DispatchProxy
#pragma warning restore CA1852
{
    public SlowServer? Server { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IVim.CurrentTimeAsync) ? Server!.CurrentTimeAsync() : throw new NotSupportedException(targetMethod.Name);
}
