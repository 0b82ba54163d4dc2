using System.Runtime.InteropServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>The compiled <c>probe.bpf.c</c>.</summary>
internal static class ProbeObject
{
    private static readonly Lazy<byte[]> Compiled = new(() => BpfCompiler.Compile(BpfCompiler.Beside("probe.bpf.c")));

    internal static byte[] Elf => Compiled.Value;

    internal static BpfObject Open() => BpfObject.Open(Elf, "probe");

    /// <summary>Opens, aims at this thread and loads: tests of other threads do not disturb the counts.</summary>
    internal static BpfObject Load(Action<BpfObject>? configure = null)
    {
        var obj = Open();
        try
        {
            obj.SetGlobal("target_tid", (uint)gettid());
            configure?.Invoke(obj);
            obj.Load();
            return obj;
        }
        catch
        {
            obj.Dispose();
            throw;
        }
    }

    /// <summary>The system call that the probe counts.</summary>
    internal static void Trigger(int times)
    {
        for (var i = 0; i < times; i++)
            _ = getpid();
    }

    [DllImport("libc")]
    internal static extern int gettid();

    [DllImport("libc")]
    private static extern int getpid();
}
