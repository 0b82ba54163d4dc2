using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Observe.Collectors;

/// <summary>Streams of JSON values, one a line, that go on for as long as the peer lives.</summary>
internal static class JsonLines
{
    /// <summary>Reads values as they come.</summary>
    /// <param name="stream">From where.</param>
    /// <param name="type">What they are.</param>
    /// <param name="maxBytes">The longest line that is taken.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">A line is longer than that.</exception>
    /// <exception cref="JsonException">A line is not JSON. Half a line at the end is: the peer went away in the middle of it.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(Stream stream, JsonTypeInfo<T> type, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = read.Buffer;
                while (TryTakeLine(ref buffer, type, out var value))
                {
                    if (value is not null)
                        yield return value;
                }
                if (buffer.Length > maxBytes)
                    throw new InvalidDataException($"a line is longer than {maxBytes} bytes");
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static bool TryTakeLine<T>(ref ReadOnlySequence<byte> buffer, JsonTypeInfo<T> type, out T? value)
    {
        value = default;
        if (buffer.PositionOf((byte)'\n') is not { } end)
            return false;
        var line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        if (line.Length <= 1) // empty, or a carriage return: a sign of life
            return true;
        var reader = new Utf8JsonReader(line);
        value = JsonSerializer.Deserialize(ref reader, type);
        return true;
    }
}
