namespace Observe.Collectors;

/// <summary>Splits a stream of JSON values, one a line, that goes on for as long as the peer lives, into its lines.</summary>
/// <param name="stream">The answer's body.</param>
/// <param name="longest">Longest line, in bytes.</param>
internal sealed class JsonLines(Stream stream, int longest)
{
    private const int FirstSize = 16 * 1024;

    private byte[] buffer = new byte[Math.Min(FirstSize, longest + 1)];
    private int start;
    private int end;

    /// <summary>The next line, without its end.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Valid until the next call; null at the end. A last line without its end is half a line and left out.</returns>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        var searched = start;
        while (true)
        {
            var at = buffer.AsSpan(searched..end).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsMemory(start..(searched + at));
                start = searched + at + 1;
                return line;
            }
            MakeRoom();
            searched = end;
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return null;
            end += read;
        }
    }

    private void MakeRoom()
    {
        var length = end - start;
        if (length > longest)
            throw new InvalidDataException($"a line of more than {longest} bytes");
        var target = length < buffer.Length ? buffer : new byte[Math.Min(2L * buffer.Length, longest + 1L)];
        buffer.AsSpan(start, length).CopyTo(target);
        (buffer, start, end) = (target, 0, length);
    }
}
