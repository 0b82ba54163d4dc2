using System.Diagnostics.CodeAnalysis;

namespace Observe.Bpf.Types;

/// <summary>Kinds of BTF record (<c>BTF_KIND_*</c>, Documentation/bpf/btf.rst).</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The format's own names: an Int record describes an int.")]
public enum BtfKind
{
    /// <summary>The type of id 0.</summary>
    Void = 0,

    /// <summary>Integer, character or bool.</summary>
    Int = 1,

    /// <summary>Pointer.</summary>
    Pointer = 2,

    /// <summary>Array.</summary>
    Array = 3,

    /// <summary>struct.</summary>
    Struct = 4,

    /// <summary>union.</summary>
    Union = 5,

    /// <summary>enum of up to 32 bits.</summary>
    Enum = 6,

    /// <summary>Declaration without a definition.</summary>
    Forward = 7,

    /// <summary>typedef.</summary>
    Typedef = 8,

    /// <summary>volatile.</summary>
    Volatile = 9,

    /// <summary>const.</summary>
    Const = 10,

    /// <summary>restrict.</summary>
    Restrict = 11,

    /// <summary>Function.</summary>
    Function = 12,

    /// <summary>Signature of a function.</summary>
    FunctionPrototype = 13,

    /// <summary>Global or static variable.</summary>
    Variable = 14,

    /// <summary>Section of variables.</summary>
    DataSection = 15,

    /// <summary>Floating point number.</summary>
    Float = 16,

    /// <summary>Tag of a declaration.</summary>
    DeclarationTag = 17,

    /// <summary>Tag of a type.</summary>
    TypeTag = 18,

    /// <summary>enum of 64 bits.</summary>
    Enum64 = 19,
}
