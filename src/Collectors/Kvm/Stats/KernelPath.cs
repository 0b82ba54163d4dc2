using System.Buffers.Text;
using System.Text;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>Paths beneath a directory whose parts are numbers, as the kernel takes them, made without allocating. Used by one thread.</summary>
internal sealed class KernelPath
{
    /// <summary>Room for two numbers, what is between them, and NUL.</summary>
    private const int Room = 64;

    private readonly byte[] buffer;
    private readonly int prefix;

    /// <summary>Paths in a directory.</summary>
    /// <param name="root">The directory: <c>/proc</c>.</param>
    internal KernelPath(string root)
    {
        var bytes = Encoding.UTF8.GetBytes($"{root}/");
        prefix = bytes.Length;
        Array.Resize(ref bytes, prefix + Room);
        buffer = bytes;
    }

    /// <summary><c>/proc/12/comm</c>, ending with NUL.</summary>
    /// <param name="number">The directory.</param>
    /// <param name="rest">What follows, with its slash.</param>
    /// <returns>Valid until the next call.</returns>
    internal ReadOnlySpan<byte> Of(int number, ReadOnlySpan<byte> rest) => Ended(Append(Append(prefix, number), rest));

    /// <summary><c>/proc/12/fd/3</c>, ending with NUL.</summary>
    /// <param name="number">The directory.</param>
    /// <param name="between">What is between, with its slashes.</param>
    /// <param name="last">The file.</param>
    /// <returns>Valid until the next call.</returns>
    internal ReadOnlySpan<byte> Of(int number, ReadOnlySpan<byte> between, int last) => Ended(Append(Append(Append(prefix, number), between), last));

    private int Append(int at, int number)
    {
        Utf8Formatter.TryFormat(number, buffer.AsSpan(at), out var digits);
        return at + digits;
    }

    private int Append(int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.AsSpan(at));
        return at + text.Length;
    }

    private ReadOnlySpan<byte> Ended(int length)
    {
        buffer[length] = 0;
        return buffer.AsSpan(0, length + 1);
    }
}
