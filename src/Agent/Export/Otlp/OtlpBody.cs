using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Observe.Agent.Export.Otlp;

/// <summary>A request body as it goes over the wire: compressed or not, with gRPC's five-byte frame in front of it or not. In a rented array.</summary>
internal sealed class OtlpBody : IDisposable
{
    /// <summary>gRPC: one byte that says whether the message is compressed, four with its length, big-endian.</summary>
    public const int FrameSize = 5;

    // Metrics pack to less than a tenth; what does not is grown for.
    private const int UsualRatio = 8;

    private readonly RentedStream stream;

    private OtlpBody(RentedStream stream, ReadOnlyMemory<byte> bytes, bool compressed)
    {
        this.stream = stream;
        Bytes = bytes;
        Compressed = compressed;
    }

    /// <summary>The bytes; valid until disposed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether they are gzip.</summary>
    public bool Compressed { get; }

    public static OtlpBody Pack(ReadOnlyMemory<byte> message, OtlpCompression compression, bool framed)
    {
        var compressed = compression == OtlpCompression.Gzip;
        // A copy is needed for a frame or for compression only.
        if (!compressed && !framed)
            return new OtlpBody(new RentedStream(0), message, compressed);
        var stream = new RentedStream((compressed ? message.Length / UsualRatio : message.Length) + FrameSize);
        if (framed)
            stream.Write(stackalloc byte[FrameSize]);
        if (compressed)
        {
            using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(message.Span);
        }
        else
        {
            stream.Write(message.Span);
        }
        var written = stream.Written;
        if (framed)
        {
            written.Span[0] = compressed ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32BigEndian(written.Span[1..], (uint)(written.Length - FrameSize));
        }
        return new OtlpBody(stream, written, compressed);
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Write-only memory stream over a rented array.</summary>
    private sealed class RentedStream(int capacity) : Stream
    {
        private byte[] bytes = capacity == 0 ? [] : ArrayPool<byte>.Shared.Rent(capacity);
        private int length;

        public Memory<byte> Written => bytes.AsMemory(0, length);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => length;

        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (bytes.Length - length < buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + buffer.Length));
                Written.Span.CopyTo(larger);
                Return();
                bytes = larger;
            }
            buffer.CopyTo(bytes.AsSpan(length));
            length += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            Return();
            bytes = [];
            length = 0;
            base.Dispose(disposing);
        }

        private void Return()
        {
            if (bytes.Length > 0)
                ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
