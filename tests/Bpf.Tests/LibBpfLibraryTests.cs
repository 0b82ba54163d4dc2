using System.Reflection;
using Observe.Bpf.Interop;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests;

public sealed class LibBpfLibraryTests
{
    [Fact]
    public void TryLoad_Installed_TellsTheVersion()
    {
        LibBpfLibrary.TryLoad(out var version, out var problem).ShouldBeTrue(problem);

        // The library's file carries its version: libbpf.so.1.1.2.
        Path.GetFileName(LoadedFile()).ShouldStartWith($"libbpf.so.{version}");
    }

    [Fact]
    public void Imports_All_AreInLibBpf10()
    {
        LibBpfLibrary.TryLoad(out _, out _);
        // Each exported symbol carries the version that introduced it: bpf_object__load@@LIBBPF_0.0.1.
        var since = Tool.Must("llvm-readelf", "--dyn-syms", "--wide", LoadedFile()).Split('\n')
            .Select(line => line.TrimEnd().Split(' ')[^1].Split("@@LIBBPF_"))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => Version.Parse(parts[1]));

        var imports = typeof(LibBpf).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(method => method.GetCustomAttribute<System.Runtime.InteropServices.LibraryImportAttribute>() is not null
                || method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .Select(method => method.Name).Where(name => !name.StartsWith('<')).ToArray();

        imports.Length.ShouldBeGreaterThan(35);
        imports.ShouldAllBe(name => since[name] <= new Version(1, 0, 0));
    }

    [Fact]
    public void Probe_NotInstalled_SaysWhatToInstall()
    {
        var (version, problem) = LibBpfLibrary.Probe("libbpf-absent.so.1");

        version.ShouldBeEmpty();
        problem.ShouldNotBeNull().ShouldContain("libbpf-absent.so.1 cannot be loaded");
        LibBpfLibrary.Remedy.ShouldContain("apt install libbpf1");
        LibBpfLibrary.Remedy.ShouldContain("dnf install libbpf");
    }

    [Fact]
    public void Probe_NotLibBpf_SaysSo() =>
        LibBpfLibrary.Probe("libc.so.6").Problem.ShouldNotBeNull().ShouldContain("libc.so.6 does not report a version");

    private static string LoadedFile() =>
        File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => path.Contains("libbpf.so", StringComparison.Ordinal));
}
