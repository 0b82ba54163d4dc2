namespace Observe.Telemetry.Prometheus;

/// <summary>The labels of a series as text, without braces, in the two parts that are kept.</summary>
/// <param name="resource">Those of its resource; may be empty.</param>
/// <param name="own">Its own; may be empty.</param>
internal readonly ref struct LabelText(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> own)
{
    private readonly ReadOnlySpan<byte> resource = resource;
    private readonly ReadOnlySpan<byte> own = own;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => resource.IsEmpty && own.IsEmpty;

    /// <summary>Writes them, with commas between.</summary>
    /// <param name="lines">Where to.</param>
    public void Write(ref Utf8Output lines)
    {
        lines.Write(resource);
        if (!resource.IsEmpty && !own.IsEmpty)
            lines.Write(","u8);
        lines.Write(own);
    }
}
