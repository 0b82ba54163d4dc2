namespace Observe.Collectors.VCenter.Soap;

/// <summary>What an answer may be at most. Whoever answers, a wrong server or a hostile one, memory stays within it.</summary>
internal sealed record SoapLimits
{
    /// <summary>Bytes of an answer once it is unpacked. The largest honest ones, a thousand events or an hour's samples of fifty hosts, have some 10 MiB.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>Elements of an answer: each costs some 100 bytes here, however short it was written.</summary>
    public int MaxElements { get; init; } = 1 << 20;

    /// <summary>Elements within each other. The deepest honest ones, trees of snapshots, have a handful a snapshot, of 32 at most.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Bytes of one tag with its attributes, which are kept in memory together.</summary>
    public int MaxTag { get; init; } = 16 << 10;

    /// <summary>Bytes of one text, likewise. The longest honest ones are the notes of a VM and messages of events.</summary>
    public int MaxText { get; init; } = 1 << 20;
}
