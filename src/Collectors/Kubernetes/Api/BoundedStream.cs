namespace Observe.Collectors.Kubernetes.Api;

/// <summary>A body that ends in an error where it gets longer than anything that is expected.</summary>
/// <param name="body">The body.</param>
/// <param name="longest">Most bytes.</param>
internal sealed class BoundedStream(Stream body, long longest) : ReadThroughStream(body)
{
    private long total;

    /// <inheritdoc/>
    protected override void Look(ReadOnlySpan<byte> read)
    {
        if ((total += read.Length) > longest)
            throw new InvalidDataException($"more than {longest} bytes");
    }
}
