namespace Observe.Collectors.VCenter.Soap;

/// <summary>A body that counts what is read of it.</summary>
/// <param name="body">The body; disposed of with this.</param>
internal sealed class CountingStream(Stream body) : ReadThroughStream(body)
{
    /// <summary>Bytes so far.</summary>
    public long Total { get; private set; }

    /// <inheritdoc/>
    protected override void Look(ReadOnlySpan<byte> read) => Total += read.Length;
}
