using Observe.Collectors.Kvm.Exits;

namespace Observe.Collectors.Tests.Kvm.Exits;

public sealed class KvmHooksTests : IDisposable
{
    private readonly DirectoryInfo sys = Directory.CreateTempSubdirectory("observe-kvm-");

    public void Dispose() => sys.Delete(recursive: true);

    [Fact]
    public void For_TypesOfAHalfOfKvm_PrefersRawTracepoints()
    {
        Write("kernel/btf/kvm_amd", "");
        WriteFormats();

        KvmHooks.For(sys.FullName).Select(hooks => hooks.Raw).ShouldBe([true, true, false]);
    }

    [Fact]
    public void For_KvmBuiltIn_FindsItsTypesInTheKernels()
    {
        Write("kernel/btf/vmlinux", "");
        Directory.CreateDirectory(Path.Combine(sys.FullName, "module/kvm_intel"));

        KvmHooks.For(sys.FullName).Select(hooks => hooks.Raw).ShouldBe([true, true]);
    }

    [Fact]
    public void For_ModuleWithoutTypes_TakesClassicTracepoints()
    {
        Write("kernel/btf/vmlinux", "");
        Write("module/kvm_amd/initstate", "live");
        WriteFormats();

        var hooks = KvmHooks.For(sys.FullName).ShouldHaveSingleItem();
        hooks.Raw.ShouldBeFalse();
        hooks.Uses("kvm_exit_classic").ShouldBeTrue();
        hooks.Uses("kvm_exit_raw").ShouldBeFalse();
    }

    [Fact]
    public void For_NeitherTypesNorFormats_SaysWhatIsMissing()
    {
        WriteFormats(withoutReason: true);
        Should.Throw<NotSupportedException>(() => KvmHooks.For(sys.FullName)).Message.ShouldContain("mount tracefs");
    }

    private void WriteFormats(bool withoutReason = false)
    {
        const string Head = "name: x\nID: 1\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n";
        Write("kernel/tracing/events/kvm/kvm_entry/format", Head + "\tfield:unsigned int vcpu_id;\toffset:8;\tsize:4;\tsigned:0;\n");
        Write("kernel/tracing/events/kvm/kvm_exit/format", Head + (withoutReason ? "" : "\tfield:unsigned int exit_reason;\toffset:8;\tsize:4;\tsigned:0;\n\tfield:u32 isa;\toffset:24;\tsize:4;\tsigned:0;\n"));
        Write("kernel/tracing/events/kvm/kvm_userspace_exit/format", Head);
        Write("kernel/tracing/events/kvm/kvm_vcpu_wakeup/format", Head + "\tfield:__u64 ns;\toffset:8;\tsize:8;\tsigned:0;\n");
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(sys.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
