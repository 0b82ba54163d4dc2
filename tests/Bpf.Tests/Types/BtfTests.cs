using System.Text.Json;
using Observe.Bpf.Tests.Fixtures;
using Observe.Bpf.Types;

namespace Observe.Bpf.Tests.Types;

public sealed class BtfTests
{
    [Fact]
    public void FromElf_EveryType_IsWhatBpfToolSays()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, ProbeObject.Elf);
            CompareAll(Btf.FromElf(ProbeObject.Elf, "probe"), Tool.BpfTool("btf", "dump", "file", path)).ShouldBeGreaterThan(50);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [KernelFact]
    public void Parse_EveryTypeOfTheKernel_IsWhatBpfToolSays()
    {
        using var kernel = new KernelBtf();

        CompareAll(kernel.Types, Tool.BpfTool("btf", "dump", "file", KernelBtf.DefaultPath)).ShouldBeGreaterThan(50_000);
    }

    [Fact]
    public void DataSections_FromLibBpf_HaveTheOffsetsOfTheSymbolTable()
    {
        using var obj = ProbeObject.Open();
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, ProbeObject.Elf);
            var symbols = Tool.Must("llvm-readelf", "--symbols", "--wide", path).Split('\n')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is [_, _, _, "OBJECT", ..])
                .ToDictionary(words => words[7], words => (Offset: Convert.ToInt32(words[1], 16), Size: int.Parse(words[2])));

            foreach (var name in new[] { ".rodata", ".data", ".bss" })
                foreach (var variable in obj.Types.DataSections.Single(section => section.Name == name).Variables)
                    (variable.Offset, variable.Size).ShouldBe(symbols[variable.Name], variable.Name);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void DataSections_StaticVariable_IsMarked()
    {
        using var obj = ProbeObject.Open();

        var constants = obj.Types.DataSections.Single(section => section.Name == ".rodata").Variables;

        constants.Single(v => v.Name == "hidden").IsStatic.ShouldBeTrue();
        constants.Single(v => v.Name == "target_tid").IsStatic.ShouldBeFalse();
    }

    [Fact]
    public void FindField_NestedAndAnonymous_AddsTheOffsets()
    {
        var btf = Btf.FromElf(ProbeObject.Elf, "probe");

        btf.FindField("sample", "inner.delta")!.Value.Offset.ShouldBe(20);
        btf.FindField("sample", "half")!.Value.Offset.ShouldBe(24);
        btf.HasField("sample", "inner.nope").ShouldBeFalse();
        btf.HasField("sample", "wait_ns.nope").ShouldBeFalse();
        btf.HasField("nope", "inner").ShouldBeFalse();
        btf.HasField("sample", "").ShouldBeFalse();
    }

    [Fact]
    public void SizeOf_ScalarsStructsArraysAndPointers_AreThoseOfC()
    {
        var btf = Btf.FromElf(ProbeObject.Elf, "probe");

        btf.FindStruct("sample")!.Size.ShouldBe(96);
        Size("wait_ns").ShouldBe(8);
        Size("flags").ShouldBe(1);
        Size("inner").ShouldBe(8);
        Size("slots").ShouldBe(16);
        Size("grid").ShouldBe(48);

        int Size(string member) => btf.SizeOf(btf.FindField("sample", member)!.Value.TypeId);
    }

    [Fact]
    public void FromElf_CutAnywhere_IsInvalidData()
    {
        var elf = ProbeObject.Elf;
        var (refused, accepted) = (0, 0);

        for (var length = 0; length < elf.Length; length += 7)
        {
            try
            {
                Btf.FromElf(elf.AsMemory(0, length), "cut");
                accepted++;
            }
            catch (InvalidDataException e)
            {
                e.Message.ShouldStartWith("cut ");
                refused++;
            }
        }

        // The section table is at the end, so no prefix is whole.
        accepted.ShouldBe(0);
        refused.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Parse_DamagedBytes_IsInvalidDataOrAnswers()
    {
        var good = ElfFile.Section(ProbeObject.Elf, ".BTF", "probe").ToArray();
        var random = new Random(20250101);

        for (var round = 0; round < 3000; round++)
        {
            var bytes = good.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var btf = Btf.Parse(bytes, "damaged");
                foreach (var section in btf.DataSections)
                    _ = section.Variables.Count;
                if (btf.FindStruct("sample") is { } found)
                    foreach (var member in found.Members)
                        _ = btf.SizeOf(member.TypeId);
                _ = btf.HasField("sample", "nope");
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static int CompareAll(Btf btf, JsonElement dump)
    {
        var types = dump.GetProperty("types");
        foreach (var type in types.EnumerateArray())
        {
            var id = type.GetProperty("id").GetInt32();
            var kind = KindOf(type.GetProperty("kind").GetString()!);
            if (btf.KindOf(id) != kind || btf.NameOf(id) != Name(type))
                throw new ShouldAssertException($"type {id}: {btf.KindOf(id)} {btf.NameOf(id)}, bpftool has {type}");
            if (kind is BtfKind.Struct or BtfKind.Union)
                CompareStruct(btf.Struct(id), type);
            else if (kind == BtfKind.Array)
                btf.Array(id).ShouldBe((type.GetProperty("type_id").GetInt32(), type.GetProperty("nr_elems").GetInt32()));
            else if (kind == BtfKind.Int)
                btf.IsSigned(id).ShouldBe(type.GetProperty("encoding").GetString() == "SIGNED");
        }
        btf.NextId.ShouldBe(types.GetArrayLength() + 1);
        return types.GetArrayLength();
    }

    private static void CompareStruct(BtfStruct ours, JsonElement theirs)
    {
        var members = theirs.GetProperty("members").EnumerateArray().Select(member => new BtfMember(
            Name(member),
            member.GetProperty("type_id").GetInt32(),
            member.GetProperty("bits_offset").GetInt32(),
            member.TryGetProperty("bitfield_size", out var bits) ? bits.GetInt32() : 0));
        if (ours.Size != theirs.GetProperty("size").GetInt32() || !ours.Members.SequenceEqual(members))
            throw new ShouldAssertException($"{ours}, bpftool has {theirs}");
    }

    private static string Name(JsonElement element) =>
        element.GetProperty("name").GetString() is var name && name == "(anon)" ? "" : name!;

    private static BtfKind KindOf(string kind) => kind switch
    {
        "PTR" => BtfKind.Pointer,
        "FWD" => BtfKind.Forward,
        "FUNC" => BtfKind.Function,
        "FUNC_PROTO" => BtfKind.FunctionPrototype,
        "VAR" => BtfKind.Variable,
        "DATASEC" => BtfKind.DataSection,
        "DECL_TAG" => BtfKind.DeclarationTag,
        "TYPE_TAG" => BtfKind.TypeTag,
        _ => Enum.Parse<BtfKind>(kind, ignoreCase: true),
    };
}
