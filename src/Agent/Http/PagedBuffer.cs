using System.Buffers;

namespace Observe.Agent.Http;

/// <summary>
/// A response as it is written: pages from a pool, never copied to grow and never large enough for the large object heap.
/// </summary>
/// <param name="pool">Where pages come from.</param>
public sealed class PagedBuffer(ArrayPool<byte> pool) : IBufferWriter<byte>, IDisposable
{
    /// <summary>Bytes of a page: under the 85,000 at which .NET treats an array as a large object.</summary>
    public const int PageSize = 64 * 1024;

    private readonly List<Page> pages = [];
    private byte[] current = [];
    private int used;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, current.Length - used);
        used += count;
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return current.AsMemory(used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return current.AsSpan(used);
    }

    /// <summary>Sends everything.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CopyToAsync(Stream to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(to);
        foreach (var page in pages)
            await to.WriteAsync(page.Bytes.AsMemory(0, page.Used), cancellationToken).ConfigureAwait(false);
        await to.WriteAsync(current.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the pages.</summary>
    public void Dispose()
    {
        foreach (var page in pages)
            pool.Return(page.Bytes);
        pages.Clear();
        if (current.Length > 0)
            pool.Return(current);
        current = [];
        used = 0;
    }

    private void EnsureRoom(int sizeHint)
    {
        if (current.Length - used >= Math.Max(sizeHint, 1))
            return;
        if (current.Length > 0)
            pages.Add(new Page(current, used));
        current = pool.Rent(Math.Max(sizeHint, PageSize));
        used = 0;
    }

    private readonly record struct Page(byte[] Bytes, int Used);
}
