namespace Observe.Collectors.VCenter.Soap;

/// <summary>
/// The unpacked body of an answer, which ends in an error where it is longer than allowed, or one piece of it is.
/// </summary>
/// <param name="body">The body; disposed of with this.</param>
/// <param name="limits">What is allowed.</param>
/// <param name="deadline">Ends reads: parsers know no cancellation.</param>
internal sealed class AnswerStream(Stream body, SoapLimits limits, CancellationToken deadline) : ReadThroughStream(body)
{
    /// <summary>Bytes of the beginning that are kept, to say what came instead of an answer.</summary>
    private const int HeadBytes = 1024;

    private readonly PieceLength piece = new(limits);

    private readonly byte[] head = new byte[HeadBytes];
    private long total;

    /// <summary>How it begins, as far as it was read.</summary>
    public ReadOnlySpan<byte> Head => head.AsSpan(0, (int)Math.Min(total, HeadBytes));

    /// <summary>Whether there is more than that.</summary>
    public bool IsLonger => total > HeadBytes;

    /// <summary>Reads the beginning, and nothing more.</summary>
    public async Task ReadHeadAsync()
    {
        var buffer = new byte[HeadBytes];
        while (total < HeadBytes && await ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <inheritdoc/>
    protected override CancellationToken EndOf(CancellationToken asked) => deadline;

    /// <inheritdoc/>
    protected override void Look(ReadOnlySpan<byte> read)
    {
        if (total < HeadBytes)
            read[..Math.Min(read.Length, HeadBytes - (int)total)].CopyTo(head.AsSpan((int)total));
        total += read.Length;
        if (total > limits.MaxBytes)
            throw new AnswerTooLongException($"more than {limits.MaxBytes} bytes");
        if (piece.Take(read) is { } tooLong)
            throw new AnswerTooLongException(tooLong);
    }
}
