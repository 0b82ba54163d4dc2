namespace Observe.Bpf.Types;

/// <summary>The common head of a BTF record.</summary>
/// <param name="Id">Its number; 0 is void.</param>
/// <param name="Kind">What it describes.</param>
/// <param name="NameOffset">Where its name is; 0 when it has none.</param>
/// <param name="Length">Number of members, enumerators, parameters or variables.</param>
/// <param name="HasFlag">The kind_flag: bit-fields in a struct, signedness of an enum, union of a forward.</param>
/// <param name="SizeOrType">Bytes, or the id of the type it refers to, as the kind has it.</param>
/// <param name="DataOffset">Where what follows the head begins.</param>
internal readonly record struct BtfType(
    int Id, BtfKind Kind, int NameOffset, int Length, bool HasFlag, int SizeOrType, int DataOffset);
