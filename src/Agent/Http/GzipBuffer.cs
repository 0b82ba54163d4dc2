using System.Buffers;
using System.IO.Compression;

namespace Observe.Agent.Http;

/// <summary>
/// Compresses what is written through one page, so that the plain form, ten times as long, never exists as a whole.
/// Ends the stream when disposed.
/// </summary>
internal sealed class GzipBuffer : IBufferWriter<byte>, IDisposable
{
    private readonly PagedBuffer plain;
    private readonly GZipStream gzip;
    private readonly byte[] page;
    private readonly ArrayPool<byte> pool;
    private byte[]? oversized;
    private int used;

    /// <param name="compressed">Where the compressed bytes go.</param>
    /// <param name="pool">Where the page comes from.</param>
    public GzipBuffer(PagedBuffer compressed, ArrayPool<byte> pool)
    {
        plain = compressed;
        this.pool = pool;
        page = pool.Rent(PagedBuffer.PageSize);
        // Fastest: a scrape is compressed on the host that is being measured, and its network is rarely the bottleneck.
        gzip = new GZipStream(new BufferStream(plain), CompressionLevel.Fastest);
    }

    public void Advance(int count)
    {
        if (oversized is null)
        {
            used += count;
            return;
        }
        gzip.Write(oversized, 0, count);
        pool.Return(oversized);
        oversized = null;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (page.Length - used >= Math.Max(sizeHint, 1))
            return page.AsMemory(used);
        Flush();
        if (sizeHint <= page.Length)
            return page;
        if (oversized is not null)
            pool.Return(oversized);
        return oversized = pool.Rent(sizeHint);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        Flush();
        gzip.Dispose();
        pool.Return(page);
    }

    private void Flush()
    {
        gzip.Write(page, 0, used);
        used = 0;
    }

    private sealed class BufferStream(PagedBuffer to) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => to.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
