namespace Observe.Bpf.Tests;

public sealed class LibBpfLibraryTests
{
    [Fact]
    public void TryLoad_Installed_TellsTheVersion()
    {
        LibBpfLibrary.TryLoad(out var version, out var problem).ShouldBeTrue(problem);

        // The library's file carries its version: libbpf.so.1.1.2.
        var file = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => path.Contains("libbpf.so", StringComparison.Ordinal));
        Path.GetFileName(file).ShouldStartWith($"libbpf.so.{version}");
    }

    [Fact]
    public void Probe_NotInstalled_SaysWhatToInstall()
    {
        var (version, problem) = LibBpfLibrary.Probe("libbpf-absent.so.1");

        version.ShouldBeEmpty();
        problem.ShouldNotBeNull().ShouldContain("libbpf-absent.so.1 cannot be loaded");
        problem.ShouldContain("apt install libbpf1");
        problem.ShouldContain("dnf install libbpf");
    }

    [Fact]
    public void Probe_NotLibBpf_SaysSo() =>
        LibBpfLibrary.Probe("libc.so.6").Problem.ShouldNotBeNull().ShouldContain("libc.so.6 does not report a version");
}
