using System.Text;
using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests;

public sealed class BpfObjectTests
{
    [KernelFact]
    public void Load_ConfiguredObject_RunsAndLeavesNothing()
    {
        var obj = ProbeObject.Load();
        var program = obj.Program("on_syscall");
        var info = program.Info;
        var maps = obj.Maps.Select(map => map.Id).ToArray();
        var link = program.Attach();
        using (var bss = new MappedGlobals(obj))
        {
            ProbeObject.Trigger(1000);
            bss.Read<ulong>("calls").ShouldBe(1000ul);
        }

        var seen = Tool.BpfTool("prog", "show", "id", $"{info.Id}");
        seen.GetProperty("name").GetString().ShouldBe("on_syscall");
        info.Name.ShouldBe("on_syscall");
        seen.GetProperty("tag").GetString().ShouldBe(info.Tag);
        seen.GetProperty("bytes_jited").GetUInt32().ShouldBe(info.JitedBytes);
        seen.GetProperty("bytes_xlated").GetUInt32().ShouldBe(info.TranslatedBytes);
        maps.Length.ShouldBe(10);
        maps.ShouldAllBe(id => Tool.Exists("map", id));

        obj.Dispose();

        link.IsClosed.ShouldBeTrue();
        Tool.Disappears("prog", info.Id).ShouldBeTrue();
        maps.ShouldAllBe(id => Tool.Disappears("map", id));
    }

    [KernelFact]
    public void Dispose_ViewsAndLinksStillOpen_LeavesNothing()
    {
        var obj = ProbeObject.Load();
        var id = obj.Program("on_syscall").Info.Id;
        var maps = obj.Maps.Select(map => map.Id).ToArray();
        var samples = new MappedArray<Sample>(obj.Map("samples"));
        var globals = new MappedGlobals(obj);
        var ring = new BpfRingBuffer(obj.Map("ring"), _ => { });
        var hash = new BpfHash<ulong, Small>(obj.Map("table"));
        obj.Program("on_syscall").Attach();
        obj.Program("on_switch").Attach();

        obj.Dispose();

        Should.Throw<ObjectDisposedException>(() => samples[0].WaitNs);
        Should.Throw<ObjectDisposedException>(() => globals.Read<ulong>("calls"));
        Should.Throw<ObjectDisposedException>(() => hash.TryLookup(1, out _));
        Should.Throw<ObjectDisposedException>(() => obj.Map("table").Type);
        ring.IsClosed.ShouldBeTrue();
        Tool.Disappears("prog", id).ShouldBeTrue();
        maps.ShouldAllBe(map => Tool.Disappears("map", map));
    }

    [KernelFact]
    public void Attach_LinkDisposed_StopsCounting()
    {
        using var obj = ProbeObject.Load();
        using var bss = new MappedGlobals(obj);

        using (obj.Program("on_syscall").Attach())
            ProbeObject.Trigger(5);
        ProbeObject.Trigger(5);

        bss.Read<ulong>("calls").ShouldBe(5ul);
    }

    [KernelFact]
    public void SetGlobal_ConstantScalarAndArray_ProgramsSeeThem()
    {
        using var obj = ProbeObject.Load(o => o.SetGlobal("thresholds", [10u, 20u, 30u]));
        using var data = new MappedGlobals(obj, ".data");
        using var constants = new MappedGlobals(obj, ".rodata");
        obj.Program("on_syscall").Attach();

        ProbeObject.Trigger(2);

        data.Read<ulong>("start_at").ShouldBe(42ul + 2 * 30);
        constants.ReadArray<uint>("thresholds").ToArray().ShouldBe([10u, 20u, 30u]);
        constants.Read<uint>("target_tid").ShouldBe((uint)ProbeObject.gettid());
    }

    [KernelFact]
    public void SetGlobal_FalseSwitch_CodeBehindItIsRemoved()
    {
        using var on = ProbeObject.Load();
        using var off = ProbeObject.Load(o => o.SetGlobal("enabled", false));

        off.Program("on_syscall").Info.TranslatedBytes.ShouldBeLessThan(on.Program("on_syscall").Info.TranslatedBytes / 4);
    }

    [KernelFact]
    public void SetGlobal_InitialisedData_StartsThere()
    {
        using var obj = ProbeObject.Load(o => o.SetGlobal("start_at", 1000ul));
        using var data = new MappedGlobals(obj, ".data");

        data.Read<ulong>("start_at").ShouldBe(1000ul);
    }

    [Fact]
    public void SetGlobal_OtherSize_SaysBothSizes()
    {
        using var obj = ProbeObject.Open();

        Should.Throw<BpfException>(() => obj.SetGlobal("target_tid", 1UL)).Message
            .ShouldBe("cannot configure global variable target_tid of BPF object probe: it has 4 bytes, the value 8");
        Should.Throw<BpfException>(() => obj.SetGlobal("thresholds", [1u, 2u])).Message.ShouldContain("it has 12 bytes, the value 8");
    }

    [Fact]
    public void SetGlobal_UnknownVariable_ListsThoseThereAre()
    {
        using var obj = ProbeObject.Open();

        var error = Should.Throw<BpfException>(() => obj.SetGlobal("target_thread", 1u));

        error.Message.ShouldContain("cannot find global variable target_thread in BPF object probe");
        foreach (var variable in new[] { "calls", "start_at", "target_tid", "enabled", "thresholds" })
            error.Message.ShouldContain(variable, Case.Sensitive);
    }

    [KernelFact]
    public void SetGlobal_AfterLoad_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => obj.SetGlobal("target_tid", 1u)).Message.ShouldContain("already loaded");
        Should.Throw<BpfException>(() => obj.Map("table").MaxEntries = 1).Message.ShouldContain("already loaded");
        Should.Throw<BpfException>(() => obj.Program("on_switch").Autoload = false).Message.ShouldContain("already loaded");
        Should.Throw<BpfException>(obj.Load).Message.ShouldContain("already loaded");
    }

    [KernelFact]
    public void MaxEntries_Changed_KernelAgreesAndAccountsTheMemory()
    {
        using var obj = ProbeObject.Load(o => o.Map("smalls").MaxEntries = 100_000);
        var map = obj.Map("smalls");

        var seen = Tool.BpfTool("map", "show", "id", $"{map.Id}");

        seen.GetProperty("max_entries").GetInt32().ShouldBe(100_000);
        seen.GetProperty("bytes_key").GetInt32().ShouldBe(map.KeySize);
        seen.GetProperty("bytes_value").GetInt32().ShouldBe(map.ValueSize);
        seen.GetProperty("flags").GetUInt32().ShouldBe(map.Flags);
        seen.GetProperty("bytes_memlock").GetInt64().ShouldBe(map.MemoryBytes);
        map.MemoryBytes.ShouldBeInRange(1_600_000, 1_610_000); // 100,000 values, 16 bytes apart, and the map itself.
    }

    [KernelFact]
    public void Autoload_ProgramLeftOut_IsNotInTheKernel()
    {
        using var obj = ProbeObject.Load(o =>
        {
            o.Program("on_task").Autoload = false;
            o.Program("on_switch").Autoload.ShouldBeTrue();
        });

        Should.Throw<BpfException>(() => obj.Program("on_task").Fd).Message.ShouldContain("it is not loaded");
        Should.Throw<BpfException>(() => obj.Program("on_task").Attach()).Message.ShouldContain("on_task (iter/task) of object probe");
        obj.Program("on_switch").Fd.ShouldBeGreaterThan(2);
    }

    [KernelFact]
    public void Autocreate_MapLeftOut_IsNotInTheKernel()
    {
        using var obj = ProbeObject.Load(o => o.Map("queue").Autocreate = false);

        Should.Throw<BpfException>(() => new BpfQueue<uint>(obj.Map("queue"))).Message.ShouldContain("it is not created");
    }

    [KernelFact]
    public void Load_VerifierRefuses_NamesProgramAndReason()
    {
        using var obj = ProbeObject.Open();
        obj.Program("on_bad").Autoload = true;

        var error = Should.Throw<BpfException>(obj.Load);

        error.Message.ShouldStartWith("cannot load BPF program on_bad of object probe: EACCES (Permission denied)\n");
        error.Message.ShouldContain("verifier: R0 invalid mem access 'map_value_or_null'");
        error.Message.ShouldNotContain("CAP_BPF");
        error.Message.Split('\n').Length.ShouldBeLessThan(20);
        obj.IsLoaded.ShouldBeFalse();
    }

    [KernelFact]
    public void Load_HookNotInThisKernel_NamesTheHook()
    {
        using var obj = ProbeObject.Open();
        obj.Program("on_nothing").Autoload = true;

        var error = Should.Throw<BpfException>(obj.Load);

        error.Message.ShouldContain("cannot load BPF program on_nothing of object probe: ESRCH");
        error.Remedy.ShouldNotBeNull().ShouldContain("this kernel has no 'observe_no_such_tracepoint' to attach to");
    }

    [KernelFact]
    public void SetAttachTarget_ExistingTracepoint_LoadsWhereTheSectionWouldNot()
    {
        using var obj = ProbeObject.Load(o =>
        {
            o.Program("on_nothing").Autoload = true;
            o.Program("on_nothing").SetAttachTarget("sched_switch");
        });

        using var link = obj.Program("on_nothing").Attach();

        link.IsInvalid.ShouldBeFalse();
    }

    [KernelFact]
    public void SetAttachTarget_NoSuchFunction_NamesIt()
    {
        using var obj = ProbeObject.Open();

        Should.Throw<BpfException>(() => obj.Program("on_switch").SetAttachTarget("no_such_function"))
            .Message.ShouldContain("cannot set the target 'no_such_function' of BPF program on_switch");
    }

    [KernelFact]
    public void Attach_NoSuchEvent_NamesTheHook()
    {
        using var obj = ProbeObject.Load(o => o.Program("on_no_event").Autoload = true);

        var error = Should.Throw<BpfException>(() => obj.Program("on_no_event").Attach());

        error.Message.ShouldContain("cannot attach BPF program on_no_event (tracepoint/observe/no_such_event) of object probe: ENOENT");
        error.Message.ShouldContain("the hook does not exist in this kernel");
    }

    [KernelFact]
    public void Load_FunctionHook_WorksOrBlamesLockdown()
    {
        using var obj = BpfObject.Open(BpfCompiler.Compile(BpfCompiler.Beside("Fixtures/fentry.bpf.c")), "fentry");
        try
        {
            obj.Load();
        }
        catch (BpfException refused)
        {
            // Kernel lockdown forbids fentry to root too; nothing may send the reader after limits or capabilities.
            refused.ErrnoName.ShouldBe("EPERM");
            refused.Target.ShouldBe("BPF program on_function of object fentry");
            refused.Remedy.ShouldNotBeNull().ShouldStartWith("the capabilities are there");
            refused.Remedy.ShouldContain("lockdown");
            return;
        }
        obj.Program("on_function").Attach().IsInvalid.ShouldBeFalse();
    }

    [Fact]
    public void Program_Unknown_ListsThoseThereAre()
    {
        using var obj = ProbeObject.Open();

        Should.Throw<BpfException>(() => obj.Program("nope")).Message.ShouldContain("it has on_syscall, on_switch");
        Should.Throw<BpfException>(() => obj.Map("nope")).Message.ShouldContain("it has samples");
        Should.Throw<BpfException>(() => obj.Program("on_switch").Fd).Message.ShouldContain("it is not loaded");
        Should.Throw<BpfException>(() => obj.Map("table").Fd).Message.ShouldContain("it is not created");
    }

    [Fact]
    public void Open_MissingFile_SaysWhichAndWhatToDo()
    {
        var error = Should.Throw<BpfException>(() => BpfObject.Open("/nonexistent/ledger.bpf.o"));

        error.Message.ShouldContain("cannot open BPF object /nonexistent/ledger.bpf.o");
        error.Message.ShouldContain("Reinstall Observe");
    }

    [Fact]
    public void Open_File_NamedAfterTheFile()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(directory.FullName, "ledger.bpf.o");
            File.WriteAllBytes(path, ProbeObject.Elf);

            using var obj = BpfObject.Open(path);

            obj.Name.ShouldBe("ledger");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(-1)]
    public void Open_TruncatedElf_IsAReadableError(int length)
    {
        var cut = ProbeObject.Elf.AsMemory(0, length >= 0 ? length : ProbeObject.Elf.Length - 1);

        var error = Should.Throw<BpfException>(() => BpfObject.Open(cut, "cut"));

        error.Message.ShouldStartWith("cannot open BPF object cut: ");
        error.Message.ShouldContain($"; {cut.Length} bytes");
    }

    [Fact]
    public void Open_NotElf_IsAReadableError() =>
        Should.Throw<BpfException>(() => BpfObject.Open(Encoding.ASCII.GetBytes(new string('x', 4096)), "text"))
            .Message.ShouldStartWith("cannot open BPF object text: ");
}
