using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>Keeps a thread where it is, so that what it measures is of one CPU.</summary>
public static class CpuPin
{
    /// <summary>Binds the calling thread, for as long as it lives, to the CPU that it runs on.</summary>
    /// <returns>False where the kernel does not allow it; the thread then goes on unbound.</returns>
    public static bool ToCurrent() => LibC.RunOn(Thread.GetCurrentProcessorId()) == 0;

    /// <summary>Binds the calling thread, for as long as it lives, to a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    /// <returns>False where the kernel does not allow it; the thread then goes on as before.</returns>
    public static bool To(int cpu) => LibC.RunOn(cpu) == 0;
}
