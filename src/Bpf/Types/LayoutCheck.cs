using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Observe.Bpf.Types;

/// <summary>
/// Compares a C# struct with the C struct it mirrors: names (<c>WaitNs</c> and <c>wait_ns</c>), offsets, sizes,
/// signedness and array lengths, down into nested structs. For tests.
/// </summary>
[RequiresUnreferencedCode("Reads fields by reflection; for tests.")]
[RequiresDynamicCode("Measures field offsets with generated code; for tests.")]
public static class LayoutCheck
{
    private const BindingFlags InstanceFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>All differences, in words; none when the layouts agree.</summary>
    /// <param name="btf">The object's types.</param>
    /// <param name="structName">The C struct's tag.</param>
    public static IReadOnlyList<string> Compare<T>(Btf btf, string structName)
        where T : unmanaged
    {
        var differences = new List<string>();
        if (btf.FindStruct(structName) is not { } layout)
            differences.Add($"{structName}: not in the BTF of {btf.Source}; a struct that no map or global uses is absent");
        else
            CompareStruct(btf, typeof(T), layout.Id, structName, differences);
        return differences;
    }

    private static void CompareStruct(Btf btf, Type type, int id, string path, List<string> differences)
    {
        var size = RuntimeHelpers.SizeOf(type.TypeHandle);
        if (btf.SizeOf(id) != size)
            differences.Add($"{path}: {btf.SizeOf(id)} bytes in C, {size} in C#");
        var ours = type.GetFields(InstanceFields).ToDictionary(field => Plain(FieldName(field)));
        foreach (var member in Flatten(btf, id, 0))
        {
            if (ours.Remove(Plain(member.Name), out var field))
                CompareField(btf, field, member, $"{path}.{member.Name}", differences);
            else
                differences.Add($"{path}.{member.Name}: not in {type.Name}");
        }
        differences.AddRange(ours.Values.Select(field => $"{path}: {type.Name}.{FieldName(field)} is not in C"));
    }

    private static void CompareField(Btf btf, FieldInfo field, BtfMember member, string path, List<string> differences)
    {
        var offset = OffsetOf(field);
        if (member.BitFieldSize != 0)
            differences.Add($"{path}: bit-fields have no counterpart in C#");
        if (member.Offset != offset)
            differences.Add($"{path}: offset {member.Offset} in C, {offset} in C#");
        CompareType(btf, field.FieldType, FixedBuffer(field), member.TypeId, path, differences);
    }

    private static void CompareType(
        Btf btf, Type type, (Type Element, int Length)? fixedBuffer, int id, string path, List<string> differences)
    {
        id = btf.Resolve(id);
        var array = fixedBuffer ?? InlineArray(type);
        switch (btf.KindOf(id))
        {
            case BtfKind.Array when array is null:
                differences.Add($"{path}: an array in C, {type.Name} in C#");
                break;
            case BtfKind.Array:
                CompareArray(btf, array.Value, id, path, differences);
                break;
            case BtfKind.Struct or BtfKind.Union when !type.IsPrimitive && !type.IsEnum:
                CompareStruct(btf, type, id, path, differences);
                break;
            default:
                CompareScalar(btf, type, id, path, differences);
                break;
        }
    }

    private static void CompareArray(Btf btf, (Type Element, int Length) ours, int id, string path, List<string> differences)
    {
        var (element, length) = btf.Array(id);
        // An array of arrays may be written flat in C#: the same bytes.
        while (InlineArray(ours.Element) is null && btf.KindOf(btf.Resolve(element)) == BtfKind.Array)
        {
            var (inner, innerLength) = btf.Array(btf.Resolve(element));
            (element, length) = (inner, length * innerLength);
        }
        if (length != ours.Length)
            differences.Add($"{path}: {length} elements in C, {ours.Length} in C#");
        CompareType(btf, ours.Element, null, element, $"{path}[]", differences);
    }

    private static void CompareScalar(Btf btf, Type type, int id, string path, List<string> differences)
    {
        var size = RuntimeHelpers.SizeOf(type.TypeHandle);
        if (btf.SizeOf(id) != size)
            differences.Add($"{path}: {btf.SizeOf(id)} bytes in C, {size} in C# ({type.Name})");
        else if (btf.KindOf(id) is BtfKind.Int && IsInteger(type) && btf.IsSigned(id) != IsSigned(type))
            differences.Add($"{path}: {(btf.IsSigned(id) ? "signed" : "unsigned")} in C, {type.Name} in C#");
    }

    /// <summary>The members with those of anonymous structs and unions in their place.</summary>
    private static IEnumerable<BtfMember> Flatten(Btf btf, int id, int baseBits)
    {
        foreach (var member in btf.Struct(id).Members)
        {
            var placed = member with { BitOffset = baseBits + member.BitOffset };
            if (member.Name.Length > 0)
                yield return placed;
            else
                foreach (var inner in Flatten(btf, btf.Resolve(member.TypeId), placed.BitOffset))
                    yield return inner;
        }
    }

    /// <summary>The real offset, from the address of the field: Marshal.OffsetOf tells that of the marshalled form.</summary>
    private static int OffsetOf(FieldInfo field)
    {
        var method = new DynamicMethod("offset", typeof(int), null, field.Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var local = il.DeclareLocal(field.DeclaringType!);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }

    private static (Type Element, int Length)? InlineArray(Type type) =>
        type.GetCustomAttribute<InlineArrayAttribute>() is { } inline
            ? (type.GetFields(InstanceFields).Single().FieldType, inline.Length)
            : null;

    private static (Type Element, int Length)? FixedBuffer(FieldInfo field) =>
        field.GetCustomAttribute<FixedBufferAttribute>() is { } buffer ? (buffer.ElementType, buffer.Length) : null;

    private static bool IsInteger(Type type) =>
        System.Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64;

    private static bool IsSigned(Type type) =>
        System.Type.GetTypeCode(type) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;

    /// <summary>The property's name, for the field behind an automatic property.</summary>
    private static string FieldName(FieldInfo field) =>
        field.Name is ['<', .. var rest] ? rest[..rest.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    [SuppressMessage("Globalization", "CA1308", Justification = "C names are lower case; nothing is shown to anyone.")]
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}
