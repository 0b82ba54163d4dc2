using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>Compiles BPF programs that only tests have, as the Makefile does those of the agent.</summary>
internal static class BpfCompiler
{
    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    internal static byte[] Compile(string source, params string[] options)
    {
        var directory = Directory.CreateTempSubdirectory("observe-bpf-tests-");
        try
        {
            var target = Path.Combine(directory.FullName, "probe.bpf.o");
            var include = $"/usr/include/{(IsArm ? "aarch64" : "x86_64")}-linux-gnu";
            Tool.Must("clang", ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-Wall", "-Werror", $"-D__TARGET_ARCH_{(IsArm ? "arm64" : "x86")}", $"-I{include}", .. options, "-c", source, "-o", target]);
            Tool.Must("llvm-strip", "-g", target);
            return File.ReadAllBytes(target);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The path of a file in the folder of the source file that asks.</summary>
    internal static string Beside(string name, [CallerFilePath] string asker = "") => Path.Combine(Path.GetDirectoryName(asker)!, name);
}
