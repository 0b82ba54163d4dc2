using Observe.Bpf.Tests.Fixtures;
using Observe.Bpf.Types;

namespace Observe.Bpf.Tests.Types;

public sealed class KernelBtfTests
{
    [KernelFact]
    public void HasField_PresentAndAbsent_TellsThemApart()
    {
        using var kernel = new KernelBtf();

        kernel.HasField("task_struct", "pid").ShouldBeTrue();
        kernel.HasField("task_struct", "se.cfs_rq").ShouldBeTrue();
        kernel.HasField("task_struct", "sched_info.last_queued").ShouldBeTrue();
        kernel.HasField("task_struct", "observe_was_here").ShouldBeFalse();
        kernel.HasField("task_struct", "pid.x").ShouldBeFalse();
        kernel.HasType("task_struct").ShouldBeTrue();
        kernel.HasType("pid_t").ShouldBeTrue();
        kernel.HasType("task_structure").ShouldBeFalse();
        kernel.HasType("task_struc").ShouldBeFalse();
        kernel.HasFunction("schedule").ShouldBeTrue();
        kernel.HasFunction("observe_was_here").ShouldBeFalse();
    }

    [KernelFact]
    public void FindField_BitFieldAndAnonymousUnion_AreWhereTheCompilerPutsThem()
    {
        using var kernel = new KernelBtf();
        // The kernel's own header, as bpftool writes it from BTF, compiled by clang: an offset calculated by others.
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var source = Path.Combine(directory.FullName, "offsets.bpf.c");
            File.WriteAllText(source, Tool.Must("bpftool", "btf", "dump", "file", KernelBtf.DefaultPath, "format", "c") + """

                int offset_of_cpu = __builtin_offsetof(struct task_struct, recent_used_cpu);
                int offset_of_counters = __builtin_offsetof(struct page, _mapcount);
                int offset_of_run_delay = __builtin_offsetof(struct task_struct, sched_info.run_delay);
                int size_of_task = sizeof(struct task_struct);
                """);
            using var offsets = BpfObject.Open(BpfCompiler.Compile(source, "-Wno-everything"), "offsets");
            var initial = Initial(offsets);

            kernel.Types.FindField("task_struct", "recent_used_cpu")!.Value.Offset.ShouldBe(initial["offset_of_cpu"]);
            kernel.Types.FindField("page", "_mapcount")!.Value.Offset.ShouldBe(initial["offset_of_counters"]);
            kernel.Types.FindField("task_struct", "sched_info.run_delay")!.Value.Offset.ShouldBe(initial["offset_of_run_delay"]);
            kernel.Types.FindStruct("task_struct")!.Size.ShouldBe(initial["size_of_task"]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
        var bit = kernel.Types.FindField("task_struct", "in_execve")!.Value;
        bit.BitFieldSize.ShouldBe(1);
    }

    [KernelFact]
    public void EnumValue_KnownEnumerator_IsItsNumber()
    {
        using var kernel = new KernelBtf();

        kernel.Types.EnumValue("bpf_map_type", "BPF_MAP_TYPE_QUEUE").ShouldBe((long)BpfMapType.Queue);
        kernel.Types.EnumValue("bpf_map_type", "BPF_MAP_TYPE_NOPE").ShouldBeNull();
        kernel.Types.EnumValue("nope", "BPF_MAP_TYPE_QUEUE").ShouldBeNull();
    }

    [KernelFact]
    public void Parameters_KnownFunction_AreThoseOfItsSource()
    {
        using var kernel = new KernelBtf();

        kernel.Types.Parameters("vfs_read")!.Select(parameter => parameter.Name).ShouldBe(["file", "buf", "count", "pos"]);
        kernel.Types.Parameters("observe_was_here").ShouldBeNull();
    }

    [KernelFact]
    public void HasField_FirstQuestion_AllocatesLittle()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var kernel = new KernelBtf();
        kernel.HasField("task_struct", "pid");

        // The 5 MB themselves are outside of the managed heap; what is left are the index and the names looked for.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
    }

    [Fact]
    public void Types_NoKernelBtf_SaysWhatTheKernelNeeds()
    {
        using var kernel = new KernelBtf("/nonexistent/vmlinux");

        kernel.IsAvailable.ShouldBeFalse();
        Should.Throw<BpfException>(() => kernel.HasType("task_struct")).Message.ShouldContain("CONFIG_DEBUG_INFO_BTF=y");
    }

    [Fact]
    public void Types_NotBtf_SaysSo()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string('x', 100));
            using var kernel = new KernelBtf(path);

            Should.Throw<BpfException>(() => kernel.HasType("task_struct")).Message.ShouldContain("no BTF header");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [KernelFact]
    public void Types_AfterDispose_IsRefused()
    {
        var kernel = new KernelBtf();
        kernel.HasType("task_struct").ShouldBeTrue();

        kernel.Dispose();

        Should.Throw<ObjectDisposedException>(() => kernel.HasType("task_struct"));
    }

    private static Dictionary<string, int> Initial(BpfObject obj) =>
        obj.Types.DataSections.Single(section => section.Name == ".data").Variables.ToDictionary(v => v.Name, v => obj.GetGlobal<int>(v.Name));
}
