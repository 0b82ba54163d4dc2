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
        seen.GetProperty("tag").GetString().ShouldBe(info.Tag);
        seen.GetProperty("bytes_jited").GetUInt32().ShouldBe(info.JitedBytes);
        seen.GetProperty("bytes_xlated").GetUInt32().ShouldBe(info.TranslatedBytes);

        obj.Dispose();

        link.IsClosed.ShouldBeTrue();
        Tool.Disappears("prog", info.Id).ShouldBeTrue();
        maps.ShouldAllBe(id => Tool.Disappears("map", id));
    }
}
