using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>The compiled <c>probe.bpf.c</c>.</summary>
internal static class ProbeObject
{
    private static readonly Lazy<byte[]> Compiled = new(() => Compile(SourcePath("probe.bpf.c")));

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

    internal static byte[] Compile(string source, params string[] options)
    {
        var directory = Directory.CreateTempSubdirectory("observe-bpf-tests-");
        try
        {
            var target = Path.Combine(directory.FullName, "probe.bpf.o");
            var include = $"/usr/include/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu";
            Tool.Must("clang", ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-Wall", "-Werror", $"-I{include}", .. options, "-c", source, "-o", target]);
            Tool.Must("llvm-strip", "-g", target);
            return File.ReadAllBytes(target);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    internal static string SourcePath(string name) => Path.Combine(Path.GetDirectoryName(ThisFile())!, name);

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [DllImport("libc")]
    internal static extern int gettid();

    [DllImport("libc")]
    private static extern int getpid();
}
